-- A file waits from its registration on, and opens when a supervisor has decided that it is of
-- another child, or when it was merged into another file and that was undone. That a child has
-- another file is a supervisor's decision too: a merge.

CREATE OR REPLACE FUNCTION keep_waiting_files() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'waiting' AND OLD.status <> 'waiting' THEN
        RAISE EXCEPTION 'a file waits from its registration on' USING ERRCODE = 'check_violation';
    ELSIF (NEW.status = 'active' AND OLD.status <> 'active' AND (
        EXISTS (
            SELECT 1 FROM duplicate_findings WHERE child_id = NEW.id
                AND decision IS DISTINCT FROM 'another_child'
        ) AND NOT EXISTS (
            SELECT 1 FROM child_merges WHERE child_id = NEW.id AND undone_at IS NOT NULL
        )
        OR EXISTS (SELECT 1 FROM child_merges WHERE child_id = NEW.id AND undone_at IS NULL)
    )) OR (NEW.status = 'active' AND OLD.status = 'waiting' AND NOT EXISTS (
        SELECT 1 FROM duplicate_findings WHERE child_id = NEW.id
    )) THEN
        RAISE EXCEPTION 'the file waits for a decision' USING ERRCODE = 'check_violation';
    ELSIF NEW.close_reason = 'same_child' AND OLD.close_reason IS DISTINCT FROM 'same_child'
        AND NOT EXISTS (
            SELECT 1 FROM child_merges WHERE child_id = NEW.id AND undone_at IS NULL
        ) THEN
        RAISE EXCEPTION 'nobody decided that the child has another file'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER children_wait_for_decision BEFORE UPDATE ON children
FOR EACH ROW EXECUTE FUNCTION keep_waiting_files();
