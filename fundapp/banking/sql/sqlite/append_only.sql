-- What a file said of a line is never changed or removed.

CREATE TRIGGER stated_lines_no_update BEFORE UPDATE ON stated_lines
BEGIN SELECT RAISE(ABORT, 'stated_lines is append-only'); END;

CREATE TRIGGER stated_lines_no_delete BEFORE DELETE ON stated_lines
BEGIN SELECT RAISE(ABORT, 'stated_lines is append-only'); END;
