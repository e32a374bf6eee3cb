-- An entry seals its postings, and a fund is not overspent. PostgreSQL.
--
-- Postings are written first, then their entry, which states how many they are and what they add up
-- to (docs/decisions/0002-postings-before-entries.md). When the entry is written:
--
-- 1. Its month must be open: no entry is posted into a closed month. The transaction takes a shared
--    advisory lock on the month; whoever closes the month takes it alone (wait_for_postings.sql),
--    so that closing waits for postings under way, and later postings find the month closed. A
--    transaction with an old snapshot (repeatable read, serializable) would still see the month
--    open after that wait; it locks the month's row as well, and PostgreSQL refuses it with a
--    serialization failure when the row has changed.
-- 2. It must have exactly the postings it states. The postings' keys then leave no room for
--    another: position <= posting_count, and the primary key (entry_id, position).
-- 3. Each fund of the entry gets one row in balance_deltas: the effect of its postings on the
--    fund's available money. A credit of net assets, income or expense (codes from '3') adds to it,
--    a debit takes from it (docs/decisions/0008-type-of-an-account.md). Nobody waits for this row
--    (docs/decisions/0003-balance-deltas.md).
-- 4. Where the effect is negative the fund's deltas are folded into fund_balances at once, under
--    the lock of its row (fold_fund_balance.sql). Of other entries of one fund about every 250th
--    folds them, if the row is free.
--
-- OVERSPENDING is refused by step 4: the table fund_balances has the CHECK not_overspent,
-- available_satang >= 0 (class FundBalance in fundapp/ledger/models.py), so an entry that would
-- take more than a fund has is refused with everything else of its transaction.
--
-- Every posting pays for this function (docs/decisions/0009-posting-below-the-layers.md): month and
-- postings are read by one statement, without sorting or grouping; only an entry of several funds
-- is grouped afterwards. Measure a change of it with `make bench`.

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
    -- The first key, 1, stands for the months of the books.
    PERFORM pg_advisory_xact_lock_shared(1, month - date '2000-01-01');
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        PERFORM FROM periods WHERE starts_on = month FOR SHARE;
    END IF;
    FOR posting IN
        SELECT
            fund_code, amount_satang,
            amount_satang * ((credit_account_code >= '3')::int - (debit_account_code >= '3')::int)
                AS effect
        FROM postings, periods
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
            RAISE EXCEPTION 'ledger: the period is not open' USING ERRCODE = 'check_violation';
        END IF;
        RAISE EXCEPTION 'ledger: the entry does not hold the postings it states'
            USING ERRCODE = 'check_violation';
    END IF;
    IF several THEN
        FOR posting IN
            INSERT INTO balance_deltas (fund_code, entry_id, month_on, available_satang)
            SELECT
                fund_code, NEW.id, month,
                sum(
                    amount_satang
                    * ((credit_account_code >= '3')::int - (debit_account_code >= '3')::int)
                )
            FROM postings WHERE entry_id = NEW.id GROUP BY fund_code ORDER BY fund_code
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
END $$;

CREATE TRIGGER journal_entries_seal AFTER INSERT ON journal_entries
FOR EACH ROW EXECUTE FUNCTION seal_journal_entry();
