-- What was written of casework stays: an entry is settled once, a plan by another person than its
-- author (a CHECK), an adult of the child is taken out once, a move is taken once. Nothing goes.
--
-- Encrypted columns are left free: they are encrypted again when keys rotate.

CREATE TRIGGER case_entries_begin BEFORE INSERT ON case_entries
WHEN NEW.settled_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'an entry of a file is settled after it was written'); END;

CREATE TRIGGER case_entries_kept_update BEFORE UPDATE ON case_entries
WHEN (
    NEW.id, NEW.public_id, NEW.child_id, NEW.kind, NEW.on_day, NEW.due_on, NEW.is_sensitive,
    NEW.written_by_id, NEW.written_at, NEW.idempotency_key
) IS NOT (
    OLD.id, OLD.public_id, OLD.child_id, OLD.kind, OLD.on_day, OLD.due_on, OLD.is_sensitive,
    OLD.written_by_id, OLD.written_at, OLD.idempotency_key
)
OR OLD.settled_at IS NOT NULL
    AND (NEW.settled_at, NEW.settled_by_id) IS NOT (OLD.settled_at, OLD.settled_by_id)
BEGIN SELECT RAISE(ABORT, 'an entry of a file stays as written and is settled once'); END;

CREATE TRIGGER case_entries_kept_delete BEFORE DELETE ON case_entries
BEGIN SELECT RAISE(ABORT, 'an entry of a file stays as written and is settled once'); END;

-- INSERT OR REPLACE removes no row: fundapp/ledger/sql/sqlite/refuse_replacing.sql.
CREATE TRIGGER case_entries_no_replace BEFORE INSERT ON case_entries BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: case_entries.id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM case_entries
        WHERE id = NEW.id OR public_id = NEW.public_id OR idempotency_key = NEW.idempotency_key
    );
END;

CREATE TRIGGER further_guardians_kept_update BEFORE UPDATE ON further_guardians
WHEN (
    NEW.id, NEW.public_id, NEW.child_id, NEW.relation, NEW.capacity, NEW.added_by_id, NEW.added_at
) IS NOT (
    OLD.id, OLD.public_id, OLD.child_id, OLD.relation, OLD.capacity, OLD.added_by_id, OLD.added_at
)
OR OLD.ended_on IS NOT NULL AND NEW.ended_on IS NOT OLD.ended_on
BEGIN SELECT RAISE(ABORT, 'an adult of a child stays as written and is taken out once'); END;

CREATE TRIGGER further_guardians_kept_delete BEFORE DELETE ON further_guardians
BEGIN SELECT RAISE(ABORT, 'an adult of a child stays as written and is taken out once'); END;

CREATE TRIGGER further_guardians_no_replace BEFORE INSERT ON further_guardians BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: further_guardians.id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM further_guardians WHERE id = NEW.id OR public_id = NEW.public_id
    );
END;

CREATE TRIGGER child_moves_kept_update BEFORE UPDATE ON child_moves
WHEN (
    NEW.id, NEW.child_id, NEW.from_district, NEW.to_district, NEW.moved_by_id, NEW.moved_at
) IS NOT (
    OLD.id, OLD.child_id, OLD.from_district, OLD.to_district, OLD.moved_by_id, OLD.moved_at
)
OR OLD.taken_at IS NOT NULL
    AND (NEW.taken_at, NEW.taken_by_id) IS NOT (OLD.taken_at, OLD.taken_by_id)
BEGIN SELECT RAISE(ABORT, 'a move of a child stays as written and is taken once'); END;

CREATE TRIGGER child_moves_kept_delete BEFORE DELETE ON child_moves
BEGIN SELECT RAISE(ABORT, 'a move of a child stays as written and is taken once'); END;

CREATE TRIGGER child_moves_no_replace BEFORE INSERT ON child_moves BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: child_moves.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM child_moves WHERE id = NEW.id);
END;

CREATE TRIGGER children_move_on_record BEFORE UPDATE ON children
WHEN NEW.district_code <> OLD.district_code AND NOT EXISTS (
    SELECT 1 FROM child_moves WHERE child_id = NEW.id AND taken_at IS NULL
        AND from_district = OLD.district_code AND to_district = NEW.district_code
)
BEGIN SELECT RAISE(ABORT, 'a child changes its district by a move on record'); END;
