-- INSERT OR REPLACE removes no row of these tables.
-- Why a trigger is needed: fundapp/ledger/sql/sqlite/refuse_replacing.sql.

CREATE TRIGGER audit_events_no_replace BEFORE INSERT ON audit_events BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: audit_events.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM audit_events WHERE id = NEW.id);
END;

CREATE TRIGGER child_reads_no_replace BEFORE INSERT ON child_reads BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: child_reads.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM child_reads WHERE id = NEW.id);
END;
