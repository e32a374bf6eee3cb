"""PostgreSQL: a transaction that looks at the books as they were does not post into a closed month.

The seal of 0007 waits for whoever closes the month, then asks whether it is open; a transaction
that keeps an old look at the database (repeatable read, serialisable) was told of the month as it
was before. There the month's row is locked as well: when it has changed meanwhile, PostgreSQL
refuses with a serialisation failure. All else is as it was.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_NOT_OPEN = "ledger: the period is not open"
_NOT_AS_STATED = "ledger: the entry does not hold the postings it states"

#: What a posting does to its fund's available money: net assets, income and expenses move it.
_EFFECT = "amount_satang * ((credit_account_code >= '3')::int - (debit_account_code >= '3')::int)"

_SEAL = f"""
    CREATE OR REPLACE FUNCTION seal_journal_entry() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        posting record;
        fund text;
        several boolean := false;
        postings_found bigint := 0;
        total_found bigint := 0;
        effect bigint := 0;
        month date := date_trunc('month', NEW.entry_on);
    BEGIN
        PERFORM pg_advisory_xact_lock_shared(1, month - date '2000-01-01');
        IF current_setting('transaction_isolation') <> 'read committed' THEN
            PERFORM FROM periods WHERE starts_on = month FOR SHARE;
        END IF;
        FOR posting IN
            SELECT fund_code, amount_satang, {_EFFECT} AS effect FROM postings, periods
            WHERE entry_id = NEW.id AND starts_on = month AND status = 'open'
        LOOP
            several := several OR posting.fund_code <> coalesce(fund, posting.fund_code);
            fund := posting.fund_code;
            postings_found := postings_found + 1;
            total_found := total_found + posting.amount_satang;
            effect := effect + posting.effect;
        END LOOP;
        IF postings_found <> NEW.posting_count OR total_found <> NEW.total_satang THEN
            IF NOT EXISTS (SELECT FROM periods WHERE starts_on = month AND status = 'open') THEN
                RAISE EXCEPTION '{_NOT_OPEN}' USING ERRCODE = 'check_violation';
            END IF;
            RAISE EXCEPTION '{_NOT_AS_STATED}' USING ERRCODE = 'check_violation';
        END IF;
        IF several THEN
            FOR posting IN
                INSERT INTO balance_deltas (fund_code, entry_id, month_on, available_satang)
                SELECT fund_code, NEW.id, month, sum({_EFFECT}) FROM postings
                WHERE entry_id = NEW.id GROUP BY fund_code ORDER BY fund_code
                RETURNING fund_code, available_satang
            LOOP
                IF posting.available_satang < 0 THEN
                    PERFORM fold_fund_balance(posting.fund_code, true);
                END IF;
            END LOOP;
            RETURN NULL;
        END IF;
        INSERT INTO balance_deltas (fund_code, entry_id, month_on, available_satang)
        VALUES (fund, NEW.id, month, effect);
        IF effect < 0 THEN
            PERFORM fold_fund_balance(fund, true);
        ELSIF random() < 0.004 THEN
            PERFORM fold_fund_balance(fund, false);
        END IF;
        RETURN NULL;
    END $$
"""


def upgrade() -> None:
    """Put the new function in place; SQLite has one writer and no old look to write from."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_SEAL)


def downgrade() -> None:
    """Refused, as for the one before."""
    raise NotImplementedError("restore the backup that was made before the upgrade")
