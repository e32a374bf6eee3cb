-- A list of children is taken over once and stays as it was then; what a row of it became stays too.
-- The function refuse_change is in fundapp/db/sql/postgresql/refuse_change.sql.

CREATE OR REPLACE FUNCTION keep_child_imports() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.committed_at IS NOT NULL OR NEW.file_sha256 <> OLD.file_sha256
    OR (OLD.rows_encrypted IS NULL
        AND (NEW.rows_encrypted IS NOT NULL OR NEW.committed_at IS NOT NULL)) THEN
        RAISE EXCEPTION 'an import is taken over once, from what was uploaded'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER child_imports_stay BEFORE UPDATE ON child_imports
FOR EACH ROW EXECUTE FUNCTION keep_child_imports();

CREATE TRIGGER child_import_marks_no_update BEFORE UPDATE ON child_import_marks
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER child_import_marks_no_delete BEFORE DELETE ON child_import_marks
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER child_import_marks_no_truncate BEFORE TRUNCATE ON child_import_marks
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
