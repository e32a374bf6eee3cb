-- What a file said of a line is never changed or removed.
-- The function is in fundapp/db/sql/postgresql/refuse_change.sql.

CREATE TRIGGER stated_lines_no_update BEFORE UPDATE ON stated_lines
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER stated_lines_no_delete BEFORE DELETE ON stated_lines
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER stated_lines_no_truncate BEFORE TRUNCATE ON stated_lines
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER statements_no_truncate BEFORE TRUNCATE ON statements
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
