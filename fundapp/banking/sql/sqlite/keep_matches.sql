-- A match changes once: when it is undone. None is removed. It names the bank account of its line,
-- so that an entry has one line on each account. Several matches of a line may count: it is split
-- then (keep_matched_amounts.sql).

CREATE TRIGGER matches_name_account BEFORE INSERT ON matches
WHEN NEW.bank_account_code IS NOT (
    SELECT bank_account_code FROM statement_lines WHERE id = NEW.line_id
)
BEGIN SELECT RAISE(ABORT, 'a match names the bank account of its line'); END;

CREATE TRIGGER matches_kept_update BEFORE UPDATE ON matches
WHEN OLD.undone_at IS NOT NULL OR (
    NEW.id, NEW.line_id, NEW.bank_account_code, NEW.payment_id, NEW.payout_id,
    NEW.journal_entry_id, NEW.amount_satang, NEW.reason, NEW.matched_by, NEW.matched_at
) IS NOT (
    OLD.id, OLD.line_id, OLD.bank_account_code, OLD.payment_id, OLD.payout_id,
    OLD.journal_entry_id, OLD.amount_satang, OLD.reason, OLD.matched_by, OLD.matched_at
)
BEGIN SELECT RAISE(ABORT, 'matches are kept as written'); END;

CREATE TRIGGER matches_kept_delete BEFORE DELETE ON matches
BEGIN SELECT RAISE(ABORT, 'matches are kept as written'); END;
