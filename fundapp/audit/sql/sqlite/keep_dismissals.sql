-- Why nothing follows from an exception stays.

CREATE TRIGGER audit_dismissals_no_update BEFORE UPDATE ON audit_dismissals
BEGIN SELECT RAISE(ABORT, 'audit_dismissals is append-only'); END;

CREATE TRIGGER audit_dismissals_no_delete BEFORE DELETE ON audit_dismissals
BEGIN SELECT RAISE(ABORT, 'audit_dismissals is append-only'); END;

-- INSERT OR REPLACE removes no row: fundapp/ledger/sql/sqlite/refuse_replacing.sql.
CREATE TRIGGER audit_dismissals_no_replace BEFORE INSERT ON audit_dismissals
WHEN EXISTS (
    SELECT 1 FROM audit_dismissals WHERE id = NEW.id OR (rule = NEW.rule AND key = NEW.key)
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: audit_dismissals (no row is replaced)'); END;
