-- A mark stays as it was set: up to there every check held.
-- The function is in fundapp/db/sql/postgresql/refuse_change.sql.

CREATE TRIGGER check_marks_no_update BEFORE UPDATE ON check_marks
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER check_marks_no_delete BEFORE DELETE ON check_marks
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER check_marks_no_truncate BEFORE TRUNCATE ON check_marks
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
