-- Who was responsible for a child stays on record: a responsibility begins open and ends once, and
-- one that a hand-over began is of whoever took it. A hand-over stays as written and is settled
-- once. Nothing goes.
--
-- The encrypted column is left free: it is encrypted again when keys rotate.

CREATE TRIGGER child_managers_begin BEFORE INSERT ON child_managers
WHEN NEW.until_at IS NOT NULL OR NEW.handover_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM child_handovers WHERE id = NEW.handover_id AND child_id = NEW.child_id
        AND to_id = NEW.manager_id AND is_taken
)
BEGIN SELECT RAISE(ABORT, 'a responsibility begins open, by a hand-over that was taken'); END;

CREATE TRIGGER child_managers_kept_update BEFORE UPDATE ON child_managers
WHEN OLD.until_at IS NOT NULL OR (
    NEW.id, NEW.child_id, NEW.district_code, NEW.manager_id, NEW.handover_id, NEW.since_at
) IS NOT (
    OLD.id, OLD.child_id, OLD.district_code, OLD.manager_id, OLD.handover_id, OLD.since_at
)
BEGIN SELECT RAISE(ABORT, 'who was responsible stays on record and ends once'); END;

CREATE TRIGGER child_managers_kept_delete BEFORE DELETE ON child_managers
BEGIN SELECT RAISE(ABORT, 'who was responsible stays on record and ends once'); END;

-- INSERT OR REPLACE removes no row: fundapp/ledger/sql/sqlite/refuse_replacing.sql.
CREATE TRIGGER child_managers_no_replace BEFORE INSERT ON child_managers BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: child_managers.id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM child_managers
        WHERE id = NEW.id OR handover_id = NEW.handover_id
            OR child_id = NEW.child_id AND until_at IS NULL
    );
END;

CREATE TRIGGER child_handovers_begin BEFORE INSERT ON child_handovers
WHEN NEW.settled_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a hand-over is settled after it was written'); END;

CREATE TRIGGER child_handovers_kept_update BEFORE UPDATE ON child_handovers
WHEN (
    NEW.id, NEW.public_id, NEW.child_id, NEW.from_id, NEW.to_id, NEW.asked_by_id, NEW.asked_at
) IS NOT (
    OLD.id, OLD.public_id, OLD.child_id, OLD.from_id, OLD.to_id, OLD.asked_by_id, OLD.asked_at
)
OR OLD.settled_at IS NOT NULL
    AND (NEW.settled_at, NEW.settled_by_id, NEW.is_taken)
        IS NOT (OLD.settled_at, OLD.settled_by_id, OLD.is_taken)
BEGIN SELECT RAISE(ABORT, 'a hand-over stays as written and is settled once'); END;

CREATE TRIGGER child_handovers_kept_delete BEFORE DELETE ON child_handovers
BEGIN SELECT RAISE(ABORT, 'a hand-over stays as written and is settled once'); END;

CREATE TRIGGER child_handovers_no_replace BEFORE INSERT ON child_handovers BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: child_handovers.id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM child_handovers
        WHERE id = NEW.id OR public_id = NEW.public_id
            OR child_id = NEW.child_id AND settled_at IS NULL
    );
END;
