-- A mark stays as it was set: up to there every check held.

CREATE TRIGGER check_marks_no_update BEFORE UPDATE ON check_marks
BEGIN SELECT RAISE(ABORT, 'check_marks is append-only'); END;

CREATE TRIGGER check_marks_no_delete BEFORE DELETE ON check_marks
BEGIN SELECT RAISE(ABORT, 'check_marks is append-only'); END;
