-- Of each fund and asset account (codes from '1') that an entry lowers, something or nothing is
-- left. PostgreSQL; called by seal_journal_entry.sql for entries that are no bank fact.
--
-- The entry's funds must be folded first, under the locks of their rows (fold_fund_balance.sql):
-- monthly_balances then has all of what the accounts hold of them, and two entries that take from
-- one account wait for each other.

CREATE OR REPLACE FUNCTION keep_accounts_above_zero(entry bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    short record;
BEGIN
    SELECT taken.fund_code, taken.account_code, held.satang - taken.effect AS satang INTO short
    FROM (
        SELECT fund_code, account_code, sum(effect) AS effect
        FROM postings CROSS JOIN LATERAL (
            VALUES (debit_account_code, amount_satang), (credit_account_code, -amount_satang)
        ) AS side (account_code, effect)
        WHERE entry_id = entry AND account_code < '2'
        GROUP BY fund_code, account_code HAVING sum(effect) < 0
    ) AS taken CROSS JOIN LATERAL (
        SELECT sum(debit_satang - credit_satang) AS satang FROM monthly_balances
        WHERE fund_code = taken.fund_code AND account_code = taken.account_code
    ) AS held
    WHERE held.satang < 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'ledger: the account holds less of the fund' USING
            ERRCODE = 'check_violation',
            DETAIL = short.account_code || ' ' || short.satang;
    END IF;
END $$;
