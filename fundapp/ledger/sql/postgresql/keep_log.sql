-- The sealed log only grows: leaves and checkpoints are added at its end, a tile gets more hashes
-- behind those that it has. `refuse_change` is in fundapp/db/sql/postgresql/refuse_change.sql.

CREATE OR REPLACE FUNCTION keep_log_leaves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.leaf_index > 0
        AND NOT EXISTS (SELECT 1 FROM log_leaves WHERE leaf_index = NEW.leaf_index - 1) THEN
        RAISE EXCEPTION 'the log has no gap' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION keep_log_tiles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.level <> OLD.level OR NEW.position <> OLD.position
        OR length(NEW.hashes) <= length(OLD.hashes)
        OR substring(NEW.hashes FROM 1 FOR length(OLD.hashes)) <> OLD.hashes THEN
        RAISE EXCEPTION 'a tile of the log only grows' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION keep_log_checkpoints() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.size > 0
        AND NOT EXISTS (SELECT 1 FROM log_leaves WHERE leaf_index = NEW.size - 1) THEN
        RAISE EXCEPTION 'a checkpoint is about leaves of the log'
            USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM log_checkpoints
        WHERE number > NEW.number OR (number = NEW.number AND size > NEW.size)
    ) THEN
        RAISE EXCEPTION 'a later checkpoint is there' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER log_leaves_no_gap BEFORE INSERT ON log_leaves
FOR EACH ROW EXECUTE FUNCTION keep_log_leaves();

CREATE TRIGGER log_tiles_only_grow BEFORE UPDATE ON log_tiles
FOR EACH ROW EXECUTE FUNCTION keep_log_tiles();

CREATE TRIGGER log_checkpoints_in_order BEFORE INSERT ON log_checkpoints
FOR EACH ROW EXECUTE FUNCTION keep_log_checkpoints();

CREATE TRIGGER log_leaves_no_update BEFORE UPDATE ON log_leaves
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER log_leaves_no_delete BEFORE DELETE ON log_leaves
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER log_leaves_no_truncate BEFORE TRUNCATE ON log_leaves
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER log_tiles_no_delete BEFORE DELETE ON log_tiles
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER log_tiles_no_truncate BEFORE TRUNCATE ON log_tiles
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER log_checkpoints_no_update BEFORE UPDATE ON log_checkpoints
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER log_checkpoints_no_delete BEFORE DELETE ON log_checkpoints
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER log_checkpoints_no_truncate BEFORE TRUNCATE ON log_checkpoints
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER log_beginnings_no_update BEFORE UPDATE ON log_beginnings
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER log_beginnings_no_delete BEFORE DELETE ON log_beginnings
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER log_beginnings_no_truncate BEFORE TRUNCATE ON log_beginnings
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
