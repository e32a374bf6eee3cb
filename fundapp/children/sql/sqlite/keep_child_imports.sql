-- A list of children is taken over once and stays as it was then; what a row of it became stays too.

CREATE TRIGGER child_imports_stay BEFORE UPDATE ON child_imports
WHEN OLD.committed_at IS NOT NULL OR NEW.file_sha256 <> OLD.file_sha256
OR (OLD.rows_encrypted IS NULL AND (NEW.rows_encrypted IS NOT NULL OR NEW.committed_at IS NOT NULL))
BEGIN SELECT RAISE(ABORT, 'an import is taken over once, from what was uploaded'); END;

CREATE TRIGGER child_import_marks_no_update BEFORE UPDATE ON child_import_marks
BEGIN SELECT RAISE(ABORT, 'child_import_marks is append-only'); END;

CREATE TRIGGER child_import_marks_no_delete BEFORE DELETE ON child_import_marks
BEGIN SELECT RAISE(ABORT, 'child_import_marks is append-only'); END;

CREATE TRIGGER child_import_marks_no_replace BEFORE INSERT ON child_import_marks BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: child_import_marks.digest (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM child_import_marks WHERE digest = NEW.digest);
END;
