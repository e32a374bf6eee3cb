-- The sealed log only grows: leaves and checkpoints are added at its end, a tile gets more hashes
-- behind those that it has.

CREATE TRIGGER log_leaves_no_gap BEFORE INSERT ON log_leaves
WHEN NEW.leaf_index > 0
    AND NOT EXISTS (SELECT 1 FROM log_leaves WHERE leaf_index = NEW.leaf_index - 1)
BEGIN SELECT RAISE(ABORT, 'the log has no gap'); END;

CREATE TRIGGER log_leaves_no_replace BEFORE INSERT ON log_leaves BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: log_leaves (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM log_leaves WHERE leaf_index = NEW.leaf_index)
        OR EXISTS (SELECT 1 FROM log_leaves WHERE entry_id = NEW.entry_id);
END;

CREATE TRIGGER log_leaves_no_update BEFORE UPDATE ON log_leaves
BEGIN SELECT RAISE(ABORT, 'log_leaves is append-only'); END;

CREATE TRIGGER log_leaves_no_delete BEFORE DELETE ON log_leaves
BEGIN SELECT RAISE(ABORT, 'log_leaves is append-only'); END;

CREATE TRIGGER log_tiles_no_replace BEFORE INSERT ON log_tiles BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: log_tiles (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM log_tiles WHERE level = NEW.level AND position = NEW.position);
END;

CREATE TRIGGER log_tiles_only_grow BEFORE UPDATE ON log_tiles
WHEN NEW.level <> OLD.level OR NEW.position <> OLD.position
    OR length(NEW.hashes) <= length(OLD.hashes)
    OR substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes
BEGIN SELECT RAISE(ABORT, 'a tile of the log only grows'); END;

CREATE TRIGGER log_tiles_no_delete BEFORE DELETE ON log_tiles
BEGIN SELECT RAISE(ABORT, 'log_tiles is append-only'); END;

CREATE TRIGGER log_checkpoints_in_order BEFORE INSERT ON log_checkpoints BEGIN
    SELECT RAISE(ABORT, 'a checkpoint is about leaves of the log')
    WHERE NEW.size > 0
        AND NOT EXISTS (SELECT 1 FROM log_leaves WHERE leaf_index = NEW.size - 1);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: log_checkpoints (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM log_checkpoints
        WHERE number > NEW.number OR (number = NEW.number AND size >= NEW.size)
    );
END;

CREATE TRIGGER log_checkpoints_no_update BEFORE UPDATE ON log_checkpoints
BEGIN SELECT RAISE(ABORT, 'log_checkpoints is append-only'); END;

CREATE TRIGGER log_checkpoints_no_delete BEFORE DELETE ON log_checkpoints
BEGIN SELECT RAISE(ABORT, 'log_checkpoints is append-only'); END;

CREATE TRIGGER log_beginnings_no_replace BEFORE INSERT ON log_beginnings BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: log_beginnings (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM log_beginnings WHERE number >= NEW.number);
END;

CREATE TRIGGER log_beginnings_no_update BEFORE UPDATE ON log_beginnings
BEGIN SELECT RAISE(ABORT, 'log_beginnings is append-only'); END;

CREATE TRIGGER log_beginnings_no_delete BEFORE DELETE ON log_beginnings
BEGIN SELECT RAISE(ABORT, 'log_beginnings is append-only'); END;
