-- Entries take no more than there is, of a fund and of an account. PostgreSQL.
--
-- Looked at once for each statement that writes entries, after seal_journal_entry.sql has looked at
-- each of them and noted whether one takes something: help for thousands of children is one
-- statement, and a row that was changed thousands of times in one transaction is slow to read.
--
-- 1. The deltas of every fund of which they take something are folded, under the lock of its row
--    (fold_fund_balance.sql): the CHECK not_overspent of fund_balances then sees what was taken.
--    Funds go in the order of their codes, so that nobody waits for somebody who waits.
-- 2. Of each fund and asset account (codes from '1') that an entry lowers, something or nothing is
--    left. monthly_balances now has all of what the accounts hold of these funds, and two that take
--    from one account wait for each other.
--
-- Bank facts may take more than there is (docs/decisions/0015-shortage-of-a-fund.md), unless the
-- same statement also takes otherwise of that fund.

CREATE OR REPLACE FUNCTION take_no_more() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    taken record;
    short record;
BEGIN
    IF current_setting('ledger.takes', true) IS DISTINCT FROM 'yes' THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('ledger.takes', '', true);
    FOR taken IN
        SELECT d.fund_code, bool_and(
            d.available_satang >= 0
            OR w.kind IN ('bank_fee', 'gift_returned', 'gift_taken', 'card_payout')
        ) AS may_be_short
        FROM written w JOIN balance_deltas d ON d.entry_id = w.id
        GROUP BY d.fund_code ORDER BY d.fund_code
    LOOP
        PERFORM fold_fund_balance(taken.fund_code, true, taken.may_be_short);
    END LOOP;
    SELECT lowered.account_code, held.satang - lowered.effect AS satang INTO short
    FROM (
        SELECT fund_code, account_code, sum(effect) AS effect
        FROM (
            SELECT p.fund_code, side.account_code, sum(side.effect) AS effect
            FROM written w JOIN postings p ON p.entry_id = w.id CROSS JOIN LATERAL (
                VALUES (p.debit_account_code, p.amount_satang), (p.credit_account_code, -p.amount_satang)
            ) AS side (account_code, effect)
            WHERE side.account_code < '2'
                AND w.kind NOT IN ('bank_fee', 'gift_returned', 'gift_taken', 'card_payout')
            GROUP BY w.id, p.fund_code, side.account_code HAVING sum(side.effect) < 0
        ) AS entries
        GROUP BY fund_code, account_code
    ) AS lowered CROSS JOIN LATERAL (
        SELECT sum(debit_satang - credit_satang) AS satang FROM monthly_balances
        WHERE fund_code = lowered.fund_code AND account_code = lowered.account_code
    ) AS held
    WHERE held.satang < 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'ledger: the account holds less of the fund' USING
            ERRCODE = 'check_violation',
            DETAIL = short.account_code || ' ' || short.satang;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER journal_entries_take_no_more AFTER INSERT ON journal_entries
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION take_no_more();
