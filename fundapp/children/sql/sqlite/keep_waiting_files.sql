-- A file waits from its registration on, and opens when a supervisor has decided that it is of
-- another child, or when it was merged into another file and that was undone. That a child has
-- another file is a supervisor's decision too: a merge.

CREATE TRIGGER children_wait_from_start BEFORE UPDATE ON children
WHEN NEW.status = 'waiting' AND OLD.status <> 'waiting'
BEGIN SELECT RAISE(ABORT, 'a file waits from its registration on'); END;

CREATE TRIGGER children_wait_for_decision BEFORE UPDATE ON children
WHEN NEW.status = 'active' AND OLD.status <> 'active' AND (
    EXISTS (
        SELECT 1 FROM duplicate_findings WHERE child_id = NEW.id
            AND decision IS NOT 'another_child'
    ) AND NOT EXISTS (
        SELECT 1 FROM child_merges WHERE child_id = NEW.id AND undone_at IS NOT NULL
    )
    OR EXISTS (SELECT 1 FROM child_merges WHERE child_id = NEW.id AND undone_at IS NULL)
)
OR NEW.status = 'active' AND OLD.status = 'waiting' AND NOT EXISTS (
    SELECT 1 FROM duplicate_findings WHERE child_id = NEW.id
)
BEGIN SELECT RAISE(ABORT, 'the file waits for a decision'); END;

CREATE TRIGGER children_same_decided BEFORE UPDATE ON children
WHEN NEW.close_reason = 'same_child' AND OLD.close_reason IS NOT 'same_child' AND NOT EXISTS (
    SELECT 1 FROM child_merges WHERE child_id = NEW.id AND undone_at IS NULL
)
BEGIN SELECT RAISE(ABORT, 'nobody decided that the child has another file'); END;
