-- INSERT OR REPLACE removes no written exception.
-- Why a trigger is needed: fundapp/ledger/sql/sqlite/refuse_replacing.sql.

CREATE TRIGGER role_exceptions_no_replace BEFORE INSERT ON role_exceptions BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: role_exceptions.id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM role_exceptions WHERE id = NEW.id OR proposal_id = NEW.proposal_id
    );
END;
