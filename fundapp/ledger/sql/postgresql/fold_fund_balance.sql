-- Fold a fund's waiting deltas into its balance rows, under the lock of its row in fund_balances.
--
-- The CHECK not_overspent of fund_balances then sees everything that was posted to the fund. `wait`
-- false: give up where somebody else has the row. What a delta's postings did to the accounts is
-- read from the postings here, so that posting need not write it
-- (docs/decisions/0003-balance-deltas.md). OFFSET 0 keeps the planner from joining in another
-- order: postings are looked up entry by entry, and the cost does not grow with the journal.
--
-- Called by seal_journal_entry.sql and by the worker (fold_balances in
-- fundapp/ledger/operations.py).

CREATE OR REPLACE FUNCTION fold_fund_balance(fund text, wait boolean) RETURNS void
LANGUAGE plpgsql AS $$
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
        INSERT INTO monthly_balances (
            fund_code, account_code, month_on, debit_satang, credit_satang
        )
        SELECT fund, side.account_code, folded.month_on, sum(side.debit), sum(side.credit)
        FROM folded CROSS JOIN LATERAL (
            SELECT moved.account_code, moved.debit, moved.credit
            FROM postings p CROSS JOIN LATERAL (
                VALUES
                    (p.debit_account_code, p.amount_satang, 0),
                    (p.credit_account_code, 0, p.amount_satang)
            ) AS moved (account_code, debit, credit)
            WHERE p.entry_id = folded.entry_id AND p.fund_code = folded.fund_code OFFSET 0
        ) AS side
        GROUP BY side.account_code, folded.month_on
        ON CONFLICT (fund_code, account_code, month_on) DO UPDATE SET
            debit_satang = monthly_balances.debit_satang + excluded.debit_satang,
            credit_satang = monthly_balances.credit_satang + excluded.credit_satang
    )
    UPDATE fund_balances SET available_satang = fund_balances.available_satang + total.effect
    FROM (SELECT sum(available_satang) AS effect FROM folded) AS total
    WHERE fund_balances.fund_code = fund AND total.effect IS NOT NULL;
END $$;
