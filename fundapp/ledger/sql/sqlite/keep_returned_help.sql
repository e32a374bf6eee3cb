-- A part of help that was paid and came back raises the fund by no more than is left of what was
-- approved: of the same source, fund and expense, from which it goes into an account of money. After
-- that the approval and the payment are not undone as a whole, and what came back is not undone. The
-- thread (fundapp/ledger/thread/rule.py) gives the newest parts of that approval back.

CREATE TRIGGER journal_entries_part_back AFTER INSERT ON journal_entries
WHEN NEW.kind = 'assistance_returned'
BEGIN
    SELECT RAISE(ABORT, 'ledger: more came back than was approved')
    FROM postings AS back
    LEFT JOIN journal_entries AS approved ON approved.id = (
        SELECT max(id) FROM journal_entries
        WHERE source_type = NEW.source_type AND source_ref = NEW.source_ref
            AND kind = 'assistance_approved' AND id < NEW.id
    )
    WHERE back.entry_id = NEW.id AND (
        approved.id IS NULL OR back.debit_account_code >= '2'
        OR EXISTS (SELECT 1 FROM journal_entries WHERE reverses_entry_id = approved.id)
        OR coalesce((
            SELECT sum(amount_satang) FROM postings
            WHERE entry_id = approved.id AND fund_code = back.fund_code
                AND debit_account_code = back.credit_account_code
        ), 0) < (
            SELECT sum(p.amount_satang)
            FROM journal_entries AS e JOIN postings AS p ON p.entry_id = e.id
            WHERE e.source_type = NEW.source_type AND e.source_ref = NEW.source_ref
                AND e.kind = 'assistance_returned' AND e.id > approved.id
                AND p.fund_code = back.fund_code
                AND p.credit_account_code = back.credit_account_code
        )
    );
END;

CREATE TRIGGER journal_entries_part_back_stays BEFORE INSERT ON journal_entries
WHEN NEW.reverses_entry_id IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'ledger: a part of this help came back')
    FROM journal_entries AS undone
    JOIN journal_entries AS back ON back.source_type = undone.source_type
        AND back.source_ref = undone.source_ref AND back.kind = 'assistance_returned'
        AND back.id >= undone.id
    WHERE undone.id = NEW.reverses_entry_id;
END;
