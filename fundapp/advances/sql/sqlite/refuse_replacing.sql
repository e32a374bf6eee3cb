-- INSERT OR REPLACE removes no advance and no clearing; see fundapp/ledger/sql/sqlite/refuse_replacing.sql.

CREATE TRIGGER advances_no_replace BEFORE INSERT ON advances
WHEN EXISTS (
    SELECT 1 FROM advances WHERE id = NEW.id OR public_id = NEW.public_id
        OR proposal_id = NEW.proposal_id OR journal_entry_id = NEW.journal_entry_id
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: advances (no row is replaced)'); END;

CREATE TRIGGER advance_clearings_no_replace BEFORE INSERT ON advance_clearings
WHEN EXISTS (
    SELECT 1 FROM advance_clearings WHERE advance_id = NEW.advance_id
        OR proposal_id = NEW.proposal_id OR journal_entry_id = NEW.journal_entry_id
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: advance_clearings (no row is replaced)'); END;
