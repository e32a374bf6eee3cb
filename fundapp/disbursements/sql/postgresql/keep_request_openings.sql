-- An auditor's reason for seeing whom a request names stays as written.
-- The function is in fundapp/db/sql/postgresql/refuse_change.sql.

CREATE TRIGGER request_openings_no_update BEFORE UPDATE ON request_openings
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER request_openings_no_delete BEFORE DELETE ON request_openings
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER request_openings_no_truncate BEFORE TRUNCATE ON request_openings
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
