-- INSERT OR REPLACE removes no transfer between funds; see fundapp/ledger/sql/sqlite/refuse_replacing.sql.

CREATE TRIGGER fund_transfers_no_replace BEFORE INSERT ON fund_transfers
WHEN EXISTS (
    SELECT 1 FROM fund_transfers WHERE id = NEW.id OR public_id = NEW.public_id
        OR proposal_id = NEW.proposal_id OR journal_entry_id = NEW.journal_entry_id
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: fund_transfers (no row is replaced)'); END;
