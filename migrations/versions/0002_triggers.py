"""Triggers of the books and the trail, on both databases.

* What is append-only refuses UPDATE, DELETE and (PostgreSQL) TRUNCATE.
* An entry is refused on a day whose month is not open.
* An entry is sealed when it is written: its postings, written just before, must be exactly those it
  states; balances follow in the same moment. SQLite has one writer, so its balance rows are changed
  at once. On PostgreSQL an entry leaves deltas, and a fund's deltas are folded into its rows under
  the fund's row lock: always before money is taken out of the fund, and now and then after a gift.
  Gifts therefore never wait for each other, and ``fund_balances.available_satang >= 0`` refuses
  every overspend.
* What is decided on in a request for help changes only while the request is returned to its asker.
* What the bank said on a statement line never changes, and a match changes once: when it is undone.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "journal_entries", "postings", "audit_events", "child_reads", "approvals", "payouts",
    "statements",
)  # fmt: skip

_FROZEN_FACTS = (
    "number", "fund_code", "district_code", "need", "payee_kind", "payout_method", "total_satang",
    "facts_sha256", "requested_by_id",
)  # fmt: skip

#: What never changes of a line (its state does) and of a match (it is undone once).
_AS_WRITTEN = {
    "statement_lines": (
        "id", "public_id", "statement_id", "bank_account_code", "fingerprint", "row_number",
        "booked_on", "booked_time", "description", "detail", "channel", "withdrawal_satang",
        "deposit_satang", "balance_satang",
    ),
    "matches": (
        "id", "line_id", "payment_id", "payout_id", "journal_entry_id", "reason", "matched_by",
        "matched_at",
    ),
}  # fmt: skip

_VIEW_SQLITE = """
CREATE VIEW account_months AS
SELECT fund_code, account_code, month_on, debit_satang, credit_satang FROM monthly_balances
"""

_VIEW_POSTGRESQL = """
CREATE VIEW account_months AS
SELECT fund_code, account_code, month_on, debit_satang, credit_satang FROM monthly_balances
UNION ALL
SELECT fund_code, debit_account_code, month_on, amount_satang, 0 FROM balance_deltas
UNION ALL
SELECT fund_code, credit_account_code, month_on, 0, amount_satang FROM balance_deltas
"""

_SQLITE = (
    """
    CREATE TRIGGER funds_open_balance AFTER INSERT ON funds BEGIN
        INSERT INTO fund_balances (fund_code, available_satang) VALUES (NEW.code, 0);
    END
    """,
    """
    CREATE TRIGGER journal_entries_open_period BEFORE INSERT ON journal_entries
    WHEN NOT EXISTS (
        SELECT 1 FROM periods WHERE starts_on = strftime('%Y-%m-01', NEW.entry_on) AND status = 'open'
    )
    BEGIN SELECT RAISE(ABORT, 'ledger: the period is not open'); END
    """,
    """
    CREATE TRIGGER journal_entries_seal AFTER INSERT ON journal_entries BEGIN
        SELECT RAISE(ABORT, 'ledger: the entry does not hold the postings it states')
        WHERE (
            SELECT count(*) <> NEW.posting_count OR coalesce(sum(amount_satang), 0) <> NEW.total_satang
            FROM postings WHERE entry_id = NEW.id
        );
        INSERT INTO monthly_balances (fund_code, account_code, month_on, debit_satang, credit_satang)
        SELECT fund_code, account_code, strftime('%Y-%m-01', NEW.entry_on), sum(debit), sum(credit)
        FROM (
            SELECT fund_code, debit_account_code AS account_code, amount_satang AS debit, 0 AS credit
            FROM postings WHERE entry_id = NEW.id
            UNION ALL
            SELECT fund_code, credit_account_code, 0, amount_satang FROM postings WHERE entry_id = NEW.id
        )
        WHERE true GROUP BY fund_code, account_code
        ON CONFLICT (fund_code, account_code, month_on) DO UPDATE SET
            debit_satang = debit_satang + excluded.debit_satang,
            credit_satang = credit_satang + excluded.credit_satang;
        UPDATE fund_balances SET available_satang = available_satang + (
            SELECT sum(
                p.amount_satang * (
                    (c.type IN ('net_assets', 'income', 'expense'))
                    - (d.type IN ('net_assets', 'income', 'expense'))
                )
            )
            FROM postings p
            JOIN accounts d ON d.code = p.debit_account_code
            JOIN accounts c ON c.code = p.credit_account_code
            WHERE p.entry_id = NEW.id AND p.fund_code = fund_balances.fund_code
        )
        WHERE fund_code IN (SELECT fund_code FROM postings WHERE entry_id = NEW.id);
    END
    """,
)

_POSTGRESQL = (
    """
    CREATE FUNCTION open_fund_balance() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO fund_balances (fund_code, available_satang) VALUES (NEW.code, 0);
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER funds_open_balance AFTER INSERT ON funds
    FOR EACH ROW EXECUTE FUNCTION open_fund_balance()
    """,
    # The share lock makes closing a month wait for postings under way, and later postings see it
    # closed.
    """
    CREATE FUNCTION require_open_period() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM 1 FROM periods
        WHERE starts_on = date_trunc('month', NEW.entry_on)::date AND status = 'open' FOR KEY SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'ledger: the period is not open' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER journal_entries_open_period BEFORE INSERT ON journal_entries
    FOR EACH ROW EXECUTE FUNCTION require_open_period()
    """,
    """
    CREATE FUNCTION fold_fund_balance(fund text, wait boolean) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        IF wait THEN
            PERFORM 1 FROM fund_balances WHERE fund_code = fund FOR UPDATE;
        ELSE
            PERFORM 1 FROM fund_balances WHERE fund_code = fund FOR UPDATE SKIP LOCKED;
        END IF;
        IF NOT FOUND THEN
            RETURN;
        END IF;
        WITH folded AS (
            DELETE FROM balance_deltas WHERE fund_code = fund RETURNING *
        ), months AS (
            INSERT INTO monthly_balances (fund_code, account_code, month_on, debit_satang, credit_satang)
            SELECT fund, side.account_code, side.month_on, sum(side.debit), sum(side.credit)
            FROM (
                SELECT debit_account_code AS account_code, month_on, amount_satang AS debit, 0 AS credit
                FROM folded
                UNION ALL
                SELECT credit_account_code, month_on, 0, amount_satang FROM folded
            ) AS side
            GROUP BY side.account_code, side.month_on
            ON CONFLICT (fund_code, account_code, month_on) DO UPDATE SET
                debit_satang = monthly_balances.debit_satang + excluded.debit_satang,
                credit_satang = monthly_balances.credit_satang + excluded.credit_satang
        )
        UPDATE fund_balances SET available_satang = fund_balances.available_satang + total.effect
        FROM (SELECT sum(available_satang) AS effect FROM folded) AS total
        WHERE fund_balances.fund_code = fund AND total.effect IS NOT NULL;
    END $$
    """,
    """
    CREATE FUNCTION seal_journal_entry() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        stated boolean;
        shrinking text;
    BEGIN
        SELECT count(*) = NEW.posting_count AND coalesce(sum(amount_satang), 0) = NEW.total_satang
        INTO stated FROM postings WHERE entry_id = NEW.id;
        IF NOT stated THEN
            RAISE EXCEPTION 'ledger: the entry does not hold the postings it states'
                USING ERRCODE = 'check_violation';
        END IF;
        INSERT INTO balance_deltas (
            entry_id, position, fund_code, debit_account_code, credit_account_code, month_on,
            amount_satang, available_satang
        )
        SELECT p.entry_id, p.position, p.fund_code, p.debit_account_code, p.credit_account_code,
            date_trunc('month', NEW.entry_on)::date, p.amount_satang,
            p.amount_satang * (
                (c.type IN ('net_assets', 'income', 'expense'))::int
                - (d.type IN ('net_assets', 'income', 'expense'))::int
            )
        FROM postings p
        JOIN accounts d ON d.code = p.debit_account_code
        JOIN accounts c ON c.code = p.credit_account_code
        WHERE p.entry_id = NEW.id;
        FOR shrinking IN
            SELECT fund_code FROM balance_deltas WHERE entry_id = NEW.id
            GROUP BY fund_code HAVING sum(available_satang) < 0 ORDER BY fund_code
        LOOP
            PERFORM fold_fund_balance(shrinking, true);
        END LOOP;
        IF random() < 0.004 THEN
            PERFORM fold_fund_balance(fund_code, false)
            FROM (SELECT DISTINCT fund_code FROM postings WHERE entry_id = NEW.id ORDER BY 1) AS touched;
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER journal_entries_seal AFTER INSERT ON journal_entries
    FOR EACH ROW EXECUTE FUNCTION seal_journal_entry()
    """,
    """
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END $$
    """,
)


def upgrade() -> None:
    """Make the triggers, functions and the view."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in _POSTGRESQL if postgresql else _SQLITE:
        op.execute(statement)
    for table in APPEND_ONLY:
        for statement in _guards(table, postgresql):
            op.execute(statement)
    for statement in _freeze_requests(postgresql):
        op.execute(statement)
    for table in _AS_WRITTEN:
        for statement in _keep_as_written(table, postgresql):
            op.execute(statement)
    op.execute(_VIEW_POSTGRESQL if postgresql else _VIEW_SQLITE)


def downgrade() -> None:
    """Take them away."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute("DROP VIEW account_months")
    of_books = ("funds_open_balance", "journal_entries_open_period", "journal_entries_seal")
    for name in of_books:
        table = "funds" if name.startswith("funds") else "journal_entries"
        op.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if postgresql else ""))
    for table in APPEND_ONLY:
        for event in ("update", "delete", *(("truncate",) if postgresql else ())):
            op.execute(f"DROP TRIGGER {table}_no_{event}" + (f" ON {table}" if postgresql else ""))
    _drop_as_written(postgresql)
    for table in ("disbursement_requests", "request_lines"):
        op.execute(f"DROP TRIGGER {table}_frozen" + (f" ON {table}" if postgresql else ""))
    if not postgresql:
        op.execute("DROP TRIGGER request_lines_frozen_delete")
    if postgresql:
        for name in (
            "refuse_line_change()",
            "refuse_fact_change()",
            "refuse_change()",
            "seal_journal_entry()",
            "fold_fund_balance(text, boolean)",
            "require_open_period()",
            "open_fund_balance()",
        ):
            op.execute(f"DROP FUNCTION {name}")


def _guards(table: str, postgresql: bool) -> list[str]:
    """The statements that make ``table`` append-only."""
    if postgresql:
        rows = [
            f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            for event in ("update", "delete")
        ]
        truncate = (
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return [*rows, truncate]
    return [
        f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for event in ("update", "delete")
    ]


def _freeze_requests(postgresql: bool) -> list[str]:
    """The statements that keep the facts of a request as they were sent in, unless it is
    returned.
    """
    if not postgresql:
        changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in _FROZEN_FACTS)
        not_returned = (
            "(SELECT status FROM disbursement_requests WHERE id = OLD.request_id) <> 'returned'"
        )
        refuse = "BEGIN SELECT RAISE(ABORT, 'the facts of the request are frozen'); END"
        return [
            "CREATE TRIGGER disbursement_requests_frozen BEFORE UPDATE ON disbursement_requests "
            f"WHEN OLD.status <> 'returned' AND ({changed}) {refuse}",
            "CREATE TRIGGER request_lines_frozen BEFORE UPDATE ON request_lines "
            f"WHEN {not_returned} {refuse}",
            "CREATE TRIGGER request_lines_frozen_delete BEFORE DELETE ON request_lines "
            f"WHEN {not_returned} {refuse}",
        ]
    new = ", ".join(f"NEW.{column}" for column in _FROZEN_FACTS)
    old = ", ".join(f"OLD.{column}" for column in _FROZEN_FACTS)
    return [
        f"""
        CREATE FUNCTION refuse_fact_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.status <> 'returned' AND ({new}) IS DISTINCT FROM ({old}) THEN
                RAISE EXCEPTION 'the facts of the request are frozen' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """,
        """
        CREATE FUNCTION refuse_line_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM 1 FROM disbursement_requests WHERE id = OLD.request_id AND status <> 'returned';
            IF FOUND THEN
                RAISE EXCEPTION 'the facts of the request are frozen' USING ERRCODE = 'check_violation';
            END IF;
            RETURN coalesce(NEW, OLD);
        END $$
        """,
        "CREATE TRIGGER disbursement_requests_frozen BEFORE UPDATE ON disbursement_requests "
        "FOR EACH ROW EXECUTE FUNCTION refuse_fact_change()",
        "CREATE TRIGGER request_lines_frozen BEFORE UPDATE OR DELETE ON request_lines "
        "FOR EACH ROW EXECUTE FUNCTION refuse_line_change()",
    ]


def _drop_as_written(postgresql: bool) -> None:
    """Take away what `_keep_as_written` made."""
    for table in _AS_WRITTEN:
        for event in ("update", "delete"):
            on = f" ON {table}" if postgresql else ""
            op.execute(f"DROP TRIGGER {table}_kept_{event}{on}")
        if postgresql:
            op.execute(f"DROP FUNCTION keep_{table}()")


def _keep_as_written(table: str, postgresql: bool) -> list[str]:
    """The statements that keep what the bank said, and what was matched, as it was written."""
    again = "OLD.undone_at IS NOT NULL" if table == "matches" else "false"
    if not postgresql:
        changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in _AS_WRITTEN[table])
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} are kept as written'); END"
        return [
            f"CREATE TRIGGER {table}_kept_update BEFORE UPDATE ON {table} "
            f"WHEN {again} OR {changed} {refuse}",
            f"CREATE TRIGGER {table}_kept_delete BEFORE DELETE ON {table} {refuse}",
        ]
    new = ", ".join(f"NEW.{column}" for column in _AS_WRITTEN[table])
    old = ", ".join(f"OLD.{column}" for column in _AS_WRITTEN[table])
    return [
        f"""
        CREATE FUNCTION keep_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' THEN
                RAISE EXCEPTION '{table} are kept as written' USING ERRCODE = 'check_violation';
            ELSIF {again} OR ({new}) IS DISTINCT FROM ({old}) THEN
                RAISE EXCEPTION '{table} are kept as written' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """,
        *(
            f"CREATE TRIGGER {table}_kept_{event} BEFORE {event.upper()} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION keep_{table}()"
            for event in ("update", "delete")
        ),
    ]
