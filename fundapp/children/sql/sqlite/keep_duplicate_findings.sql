-- A possible duplicate is found when a file is registered, stays as it was found, and is decided on
-- once. That somebody else than the registrar decides is a CHECK and a foreign key of the table.

CREATE TRIGGER duplicate_findings_begin BEFORE INSERT ON duplicate_findings
WHEN NEW.decision IS NOT NULL OR NOT EXISTS (
    SELECT 1 FROM children WHERE id = NEW.child_id AND status = 'waiting'
)
BEGIN SELECT RAISE(ABORT, 'a possible duplicate waits for a decision'); END;

CREATE TRIGGER duplicate_findings_kept_update BEFORE UPDATE ON duplicate_findings
WHEN OLD.decision IS NOT NULL OR (
    NEW.id, NEW.child_id, NEW.other_id, NEW.found_by_id, NEW.found_at, NEW.found_digest
) IS NOT (
    OLD.id, OLD.child_id, OLD.other_id, OLD.found_by_id, OLD.found_at, OLD.found_digest
)
BEGIN SELECT RAISE(ABORT, 'a possible duplicate is decided on once'); END;

CREATE TRIGGER duplicate_findings_kept_delete BEFORE DELETE ON duplicate_findings
BEGIN SELECT RAISE(ABORT, 'a possible duplicate is decided on once'); END;

-- INSERT OR REPLACE removes no row: fundapp/ledger/sql/sqlite/refuse_replacing.sql.
CREATE TRIGGER duplicate_findings_no_replace BEFORE INSERT ON duplicate_findings BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: duplicate_findings.id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM duplicate_findings WHERE id = NEW.id OR child_id = NEW.child_id
    );
END;
