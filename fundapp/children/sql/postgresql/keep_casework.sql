-- What was written of casework stays: an entry is settled once, a plan by another person than its
-- author (a CHECK), an adult of the child is taken out once, a move is taken once. Nothing goes.
--
-- Encrypted columns are left free: they are encrypted again when keys rotate.

CREATE OR REPLACE FUNCTION keep_case_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.settled_at IS NOT NULL THEN
            RAISE EXCEPTION 'an entry of a file is settled after it was written'
                USING ERRCODE = 'check_violation';
        END IF;
    ELSIF TG_OP <> 'UPDATE' OR (
        NEW.id, NEW.public_id, NEW.child_id, NEW.kind, NEW.on_day, NEW.due_on, NEW.is_sensitive,
        NEW.written_by_id, NEW.written_at, NEW.idempotency_key
    ) IS DISTINCT FROM (
        OLD.id, OLD.public_id, OLD.child_id, OLD.kind, OLD.on_day, OLD.due_on, OLD.is_sensitive,
        OLD.written_by_id, OLD.written_at, OLD.idempotency_key
    ) OR OLD.settled_at IS NOT NULL
        AND (NEW.settled_at, NEW.settled_by_id) IS DISTINCT FROM (OLD.settled_at, OLD.settled_by_id)
    THEN
        RAISE EXCEPTION 'an entry of a file stays as written and is settled once'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION keep_further_guardians() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR (
        NEW.id, NEW.public_id, NEW.child_id, NEW.relation, NEW.capacity, NEW.added_by_id,
        NEW.added_at
    ) IS DISTINCT FROM (
        OLD.id, OLD.public_id, OLD.child_id, OLD.relation, OLD.capacity, OLD.added_by_id,
        OLD.added_at
    ) OR OLD.ended_on IS NOT NULL AND NEW.ended_on IS DISTINCT FROM OLD.ended_on
    THEN
        RAISE EXCEPTION 'an adult of a child stays as written and is taken out once'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION keep_child_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR (
        NEW.id, NEW.child_id, NEW.from_district, NEW.to_district, NEW.moved_by_id, NEW.moved_at
    ) IS DISTINCT FROM (
        OLD.id, OLD.child_id, OLD.from_district, OLD.to_district, OLD.moved_by_id, OLD.moved_at
    ) OR OLD.taken_at IS NOT NULL
        AND (NEW.taken_at, NEW.taken_by_id) IS DISTINCT FROM (OLD.taken_at, OLD.taken_by_id)
    THEN
        RAISE EXCEPTION 'a move of a child stays as written and is taken once'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION move_on_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.district_code <> OLD.district_code AND NOT EXISTS (
        SELECT 1 FROM child_moves WHERE child_id = NEW.id AND taken_at IS NULL
            AND from_district = OLD.district_code AND to_district = NEW.district_code
    ) THEN
        RAISE EXCEPTION 'a child changes its district by a move on record'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER case_entries_kept BEFORE INSERT OR DELETE OR UPDATE ON case_entries
FOR EACH ROW EXECUTE FUNCTION keep_case_entries();

CREATE TRIGGER further_guardians_kept BEFORE DELETE OR UPDATE ON further_guardians
FOR EACH ROW EXECUTE FUNCTION keep_further_guardians();

CREATE TRIGGER child_moves_kept BEFORE DELETE OR UPDATE ON child_moves
FOR EACH ROW EXECUTE FUNCTION keep_child_moves();

CREATE TRIGGER children_move_on_record BEFORE UPDATE OF district_code ON children
FOR EACH ROW EXECUTE FUNCTION move_on_record();

CREATE TRIGGER case_entries_no_truncate BEFORE TRUNCATE ON case_entries
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER further_guardians_no_truncate BEFORE TRUNCATE ON further_guardians
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER child_moves_no_truncate BEFORE TRUNCATE ON child_moves
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
