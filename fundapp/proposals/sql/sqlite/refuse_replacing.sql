-- INSERT OR REPLACE removes no proposal.
-- Why a trigger is needed: fundapp/ledger/sql/sqlite/refuse_replacing.sql.

CREATE TRIGGER proposals_no_replace BEFORE INSERT ON proposals BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: proposals.id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM proposals WHERE id = NEW.id OR public_id = NEW.public_id
        OR (status = 'open' AND kind = NEW.kind AND subject = NEW.subject)
    );
END;
