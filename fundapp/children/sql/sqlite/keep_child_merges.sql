-- A file is merged into another one by somebody else than its registrar, stays so as it was written,
-- and is undone once. A file that was merged takes no other one in.

CREATE TRIGGER child_merges_begin BEFORE INSERT ON child_merges
WHEN NEW.undone_at IS NOT NULL
OR EXISTS (SELECT 1 FROM children WHERE id = NEW.child_id AND registered_by_id = NEW.merged_by_id)
OR EXISTS (SELECT 1 FROM child_merges WHERE child_id = NEW.into_id AND undone_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'another person than the registrar merges two files that stand'); END;

CREATE TRIGGER child_merges_kept_update BEFORE UPDATE ON child_merges
WHEN OLD.undone_at IS NOT NULL OR (
    NEW.id, NEW.child_id, NEW.into_id, NEW.merged_by_id, NEW.merged_at, NEW.reason_digest
) IS NOT (
    OLD.id, OLD.child_id, OLD.into_id, OLD.merged_by_id, OLD.merged_at, OLD.reason_digest
)
BEGIN SELECT RAISE(ABORT, 'a merge of files is undone once'); END;

CREATE TRIGGER child_merges_kept_delete BEFORE DELETE ON child_merges
BEGIN SELECT RAISE(ABORT, 'a merge of files is undone once'); END;

-- INSERT OR REPLACE removes no row: fundapp/ledger/sql/sqlite/refuse_replacing.sql.
CREATE TRIGGER child_merges_no_replace BEFORE INSERT ON child_merges BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: child_merges.id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM child_merges
        WHERE id = NEW.id OR (child_id = NEW.child_id AND undone_at IS NULL)
    );
END;
