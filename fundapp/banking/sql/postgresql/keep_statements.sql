-- An imported statement changes once: when the import is undone. That is refused while a line is
-- matched that no other file states. None is removed.

CREATE OR REPLACE FUNCTION keep_statements() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'statements are kept as written' USING ERRCODE = 'check_violation';
    ELSIF OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL OR (
        NEW.id, NEW.public_id, NEW.bank_account_code, NEW.profile, NEW.file_name, NEW.file_sha256,
        NEW.from_on, NEW.to_on, NEW.opening_satang, NEW.closing_satang, NEW.imported_by,
        NEW.imported_at
    ) IS DISTINCT FROM (
        OLD.id, OLD.public_id, OLD.bank_account_code, OLD.profile, OLD.file_name, OLD.file_sha256,
        OLD.from_on, OLD.to_on, OLD.opening_satang, OLD.closing_satang, OLD.imported_by,
        OLD.imported_at
    ) OR EXISTS (
        SELECT FROM stated_lines mine JOIN statement_lines l ON l.id = mine.line_id
        WHERE mine.statement_id = OLD.id AND l.status = 'matched' AND NOT EXISTS (
            SELECT FROM stated_lines other JOIN statements s ON s.id = other.statement_id
            WHERE other.line_id = l.id AND s.id <> OLD.id AND s.undone_at IS NULL
        )
    ) THEN
        RAISE EXCEPTION 'statements are kept as written' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER statements_kept_update BEFORE UPDATE ON statements
FOR EACH ROW EXECUTE FUNCTION keep_statements();

CREATE TRIGGER statements_kept_delete BEFORE DELETE ON statements
FOR EACH ROW EXECUTE FUNCTION keep_statements();

-- The function is in fundapp/db/sql/postgresql/refuse_change.sql.

CREATE TRIGGER statements_no_truncate BEFORE TRUNCATE ON statements
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
