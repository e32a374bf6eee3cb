-- A part of help that was paid and came back raises the fund by no more than is left of what was
-- approved: of the same source, fund and expense, from which it goes into an account of money. After
-- that the approval and the payment are not undone as a whole, and what came back is not undone. The
-- thread (fundapp/ledger/thread/rule.py) gives the newest parts of that approval back. PostgreSQL.

CREATE OR REPLACE FUNCTION keep_returned_help() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    approved bigint;
BEGIN
    IF NEW.reverses_entry_id IS NOT NULL THEN
        IF EXISTS (
            SELECT 1 FROM journal_entries AS undone
            JOIN journal_entries AS back ON back.source_type = undone.source_type
                AND back.source_ref = undone.source_ref AND back.kind = 'assistance_returned'
                AND back.id >= undone.id
            WHERE undone.id = NEW.reverses_entry_id
        ) THEN
            RAISE EXCEPTION 'ledger: a part of this help came back'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    SELECT max(id) INTO approved FROM journal_entries
    WHERE source_type = NEW.source_type AND source_ref = NEW.source_ref
        AND kind = 'assistance_approved' AND id < NEW.id;
    IF EXISTS (
        SELECT 1 FROM postings AS back WHERE back.entry_id = NEW.id AND (
            approved IS NULL OR back.debit_account_code >= '2'
            OR EXISTS (SELECT 1 FROM journal_entries WHERE reverses_entry_id = approved)
            OR coalesce((
                SELECT sum(amount_satang) FROM postings
                WHERE entry_id = approved AND fund_code = back.fund_code
                    AND debit_account_code = back.credit_account_code
            ), 0) < (
                SELECT sum(p.amount_satang)
                FROM journal_entries AS e JOIN postings AS p ON p.entry_id = e.id
                WHERE e.source_type = NEW.source_type AND e.source_ref = NEW.source_ref
                    AND e.kind = 'assistance_returned' AND e.id > approved
                    AND p.fund_code = back.fund_code
                    AND p.credit_account_code = back.credit_account_code
            )
        )
    ) THEN
        RAISE EXCEPTION 'ledger: more came back than was approved'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER journal_entries_part_back AFTER INSERT ON journal_entries
FOR EACH ROW WHEN (new.kind = 'assistance_returned'::text OR new.reverses_entry_id IS NOT NULL)
EXECUTE FUNCTION keep_returned_help();
