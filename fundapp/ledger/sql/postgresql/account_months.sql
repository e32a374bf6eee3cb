-- Debits and credits of each fund, account and month: the balance rows, and the deltas that wait to
-- be folded into them (docs/decisions/0003-balance-deltas.md). A reader never sees the difference.
--
-- What a delta's postings did to the accounts is read as in fold_fund_balance.sql; OFFSET 0 has
-- them looked up entry by entry, so that the cost does not grow with the journal.

CREATE OR REPLACE VIEW account_months AS
SELECT fund_code, account_code, month_on, debit_satang, credit_satang FROM monthly_balances
UNION ALL
SELECT d.fund_code, side.account_code, d.month_on, side.debit, side.credit
FROM balance_deltas d CROSS JOIN LATERAL (
    SELECT moved.account_code, moved.debit, moved.credit
    FROM postings p CROSS JOIN LATERAL (
        VALUES
            (p.debit_account_code, p.amount_satang, 0),
            (p.credit_account_code, 0, p.amount_satang)
    ) AS moved (account_code, debit, credit)
    WHERE p.entry_id = d.entry_id AND p.fund_code = d.fund_code OFFSET 0
) AS side;
