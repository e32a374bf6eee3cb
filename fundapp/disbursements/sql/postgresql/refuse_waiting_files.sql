-- No help is asked for a child whose file waits until a supervisor has decided whether the child has
-- another one. A file waits from its registration on, so none of its lines is older.

CREATE OR REPLACE FUNCTION refuse_waiting_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM children WHERE id = NEW.child_id AND status = 'waiting') THEN
        RAISE EXCEPTION 'the file waits for a decision' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER request_lines_not_waiting BEFORE INSERT OR UPDATE ON request_lines
FOR EACH ROW EXECUTE FUNCTION refuse_waiting_file();
