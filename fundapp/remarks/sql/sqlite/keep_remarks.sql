-- A remark changes once: when its words are erased, which is not undone. None is removed.
--
-- As long as it has words they are left free: they are encrypted again when keys rotate. That they
-- are those of the digest is the check `remarks.digests`.

CREATE TRIGGER remarks_kept_update BEFORE UPDATE ON remarks
WHEN (
    NEW.id, NEW.kind, NEW.code, NEW.subject_type, NEW.subject_ref, NEW.digest, NEW.about_child,
    NEW.written_by, NEW.written_at
) IS NOT (
    OLD.id, OLD.kind, OLD.code, OLD.subject_type, OLD.subject_ref, OLD.digest, OLD.about_child,
    OLD.written_by, OLD.written_at
)
OR OLD.erased_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'remarks are kept as written'); END;

CREATE TRIGGER remarks_kept_delete BEFORE DELETE ON remarks
BEGIN SELECT RAISE(ABORT, 'remarks are kept as written'); END;

-- INSERT OR REPLACE removes no row: fundapp/ledger/sql/sqlite/refuse_replacing.sql.
CREATE TRIGGER remarks_no_replace BEFORE INSERT ON remarks BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: remarks.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM remarks WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: remarks.digest (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM remarks WHERE digest = NEW.digest);
END;
