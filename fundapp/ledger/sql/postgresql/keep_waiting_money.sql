-- Money that waits is a liability: no fund has it, and no more of it is given out than waits.
-- PostgreSQL.
--
-- 2120 is money that came in and that nobody has recognised yet; 2140 is interest on an account of
-- zakat, which must not become zakat, until it is moved away. A suspense entry puts money there from
-- an asset account, or takes it away again.

CREATE OR REPLACE FUNCTION keep_waiting_money() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind = 'suspense' AND EXISTS (
        SELECT FROM postings
        WHERE entry_id = NEW.id AND NOT (
            (debit_account_code < '2' AND credit_account_code = '2120')
            OR (credit_account_code < '2' AND debit_account_code IN ('2120', '2140'))
        )
    ) THEN
        RAISE EXCEPTION 'ledger: a suspense entry is between the bank and the money that waits'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.kind = 'bank_interest' AND EXISTS (
        SELECT FROM postings JOIN funds ON funds.code = postings.fund_code
        WHERE entry_id = NEW.id AND funds.restriction = 'zakat' AND credit_account_code <> '2140'
    ) THEN
        RAISE EXCEPTION 'ledger: interest does not become zakat' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM postings
        WHERE entry_id = NEW.id AND debit_account_code IN ('2120', '2140')
    ) THEN
        RETURN NULL;
    END IF;
    -- Two entries that take from one fund wait for each other.
    PERFORM 1 FROM funds WHERE code IN (SELECT fund_code FROM postings WHERE entry_id = NEW.id)
    ORDER BY code FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT FROM postings AS taking
        WHERE taking.entry_id = NEW.id AND taking.debit_account_code IN ('2120', '2140')
            AND (
                SELECT coalesce(sum(amount_satang), 0) FROM postings
                WHERE fund_code = taking.fund_code
                    AND credit_account_code = taking.debit_account_code
            ) < (
                SELECT coalesce(sum(amount_satang), 0) FROM postings
                WHERE fund_code = taking.fund_code
                    AND debit_account_code = taking.debit_account_code
            )
    ) THEN
        RAISE EXCEPTION 'ledger: less waits there' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER journal_entries_waiting_money AFTER INSERT ON journal_entries
FOR EACH ROW EXECUTE FUNCTION keep_waiting_money();
