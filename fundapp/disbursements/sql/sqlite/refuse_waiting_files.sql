-- No help is asked for a child whose file waits until a supervisor has decided whether the child has
-- another one. A file waits from its registration on, so none of its lines is older.

CREATE TRIGGER request_lines_not_waiting BEFORE INSERT ON request_lines
WHEN EXISTS (SELECT 1 FROM children WHERE id = NEW.child_id AND status = 'waiting')
BEGIN SELECT RAISE(ABORT, 'the file waits for a decision'); END;

CREATE TRIGGER request_lines_not_waiting_update BEFORE UPDATE ON request_lines
WHEN EXISTS (SELECT 1 FROM children WHERE id = NEW.child_id AND status = 'waiting')
BEGIN SELECT RAISE(ABORT, 'the file waits for a decision'); END;
