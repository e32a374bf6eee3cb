-- Who was responsible for a child stays on record: a responsibility begins open and ends once, and
-- one that a hand-over began is of whoever took it. A hand-over stays as written and is settled
-- once. Nothing goes.
--
-- The encrypted column is left free: it is encrypted again when keys rotate.

CREATE OR REPLACE FUNCTION keep_child_managers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.until_at IS NOT NULL OR NEW.handover_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM child_handovers WHERE id = NEW.handover_id AND child_id = NEW.child_id
                AND to_id = NEW.manager_id AND is_taken
        ) THEN
            RAISE EXCEPTION 'a responsibility begins open, by a hand-over that was taken'
                USING ERRCODE = 'check_violation';
        END IF;
    ELSIF TG_OP <> 'UPDATE' OR OLD.until_at IS NOT NULL OR (
        NEW.id, NEW.child_id, NEW.district_code, NEW.manager_id, NEW.handover_id, NEW.since_at
    ) IS DISTINCT FROM (
        OLD.id, OLD.child_id, OLD.district_code, OLD.manager_id, OLD.handover_id, OLD.since_at
    ) THEN
        RAISE EXCEPTION 'who was responsible stays on record and ends once'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION keep_child_handovers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.settled_at IS NOT NULL THEN
            RAISE EXCEPTION 'a hand-over is settled after it was written'
                USING ERRCODE = 'check_violation';
        END IF;
    ELSIF TG_OP <> 'UPDATE' OR (
        NEW.id, NEW.public_id, NEW.child_id, NEW.from_id, NEW.to_id, NEW.asked_by_id, NEW.asked_at
    ) IS DISTINCT FROM (
        OLD.id, OLD.public_id, OLD.child_id, OLD.from_id, OLD.to_id, OLD.asked_by_id, OLD.asked_at
    ) OR OLD.settled_at IS NOT NULL
        AND (NEW.settled_at, NEW.settled_by_id, NEW.is_taken)
            IS DISTINCT FROM (OLD.settled_at, OLD.settled_by_id, OLD.is_taken)
    THEN
        RAISE EXCEPTION 'a hand-over stays as written and is settled once'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER child_managers_kept BEFORE INSERT OR DELETE OR UPDATE ON child_managers
FOR EACH ROW EXECUTE FUNCTION keep_child_managers();

CREATE TRIGGER child_handovers_kept BEFORE INSERT OR DELETE OR UPDATE ON child_handovers
FOR EACH ROW EXECUTE FUNCTION keep_child_handovers();

CREATE TRIGGER child_managers_no_truncate BEFORE TRUNCATE ON child_managers
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER child_handovers_no_truncate BEFORE TRUNCATE ON child_handovers
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
