-- An imported statement is never changed or removed.
-- The function is in fundapp/db/sql/postgresql/refuse_change.sql.

CREATE TRIGGER statements_no_update BEFORE UPDATE ON statements
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER statements_no_delete BEFORE DELETE ON statements
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER statements_no_truncate BEFORE TRUNCATE ON statements
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
