-- What was told stays, and so does each step that followed; a concern is in the state of its newest
-- step, and begins as new.
--
-- Encrypted columns are left free: they are encrypted again when keys rotate.
--
-- A concern about the safety of a child stays one, and only the two people who were named last do
-- anything with it; any other concern can become one. Who they are is in the rows of
-- concern_keepers, which stay.

CREATE OR REPLACE FUNCTION keep_concerns() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'new' THEN
            RAISE EXCEPTION 'a concern begins as new' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF TG_OP <> 'UPDATE' OR (
        NEW.id, NEW.locale, NEW.code_lookup, NEW.told_at, NEW.idempotency_key
    ) IS DISTINCT FROM (
        OLD.id, OLD.locale, OLD.code_lookup, OLD.told_at, OLD.idempotency_key
    ) OR NEW.kind <> OLD.kind AND NEW.kind <> 'child_safety'
    OR OLD.status <> 'new' AND NEW.status = 'new' THEN
        RAISE EXCEPTION 'a concern stays as it was told' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION keep_concern_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (
            SELECT 1 FROM concerns WHERE id = NEW.concern_id AND status = NEW.status
        ) THEN
            RAISE EXCEPTION 'a step names the state that its concern is in'
                USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.action NOT IN ('tell', 'reply', 'restrict') AND EXISTS (
            SELECT 1 FROM concerns WHERE id = NEW.concern_id AND kind = 'child_safety'
        ) AND NOT EXISTS (
            SELECT 1 FROM concern_keepers k JOIN users u ON u.id IN (k.first_id, k.second_id)
            WHERE k.id = (SELECT max(id) FROM concern_keepers) AND u.public_id = NEW.done_by
        ) THEN
            RAISE EXCEPTION 'only the two people named for it work on a restricted concern'
                USING ERRCODE = 'check_violation';
        END IF;
    ELSIF TG_OP <> 'UPDATE' OR (
        NEW.id, NEW.concern_id, NEW.action, NEW.status, NEW.done_by, NEW.done_at,
        NEW.idempotency_key
    ) IS DISTINCT FROM (
        OLD.id, OLD.concern_id, OLD.action, OLD.status, OLD.done_by, OLD.done_at,
        OLD.idempotency_key
    ) THEN
        RAISE EXCEPTION 'a step of a concern stays as it was done' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER concerns_kept BEFORE INSERT OR DELETE OR UPDATE ON concerns
FOR EACH ROW EXECUTE FUNCTION keep_concerns();

CREATE TRIGGER concern_steps_kept BEFORE INSERT OR DELETE OR UPDATE ON concern_steps
FOR EACH ROW EXECUTE FUNCTION keep_concern_steps();

CREATE TRIGGER concerns_no_truncate BEFORE TRUNCATE ON concerns
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER concern_steps_no_truncate BEFORE TRUNCATE ON concern_steps
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER concern_keepers_no_update BEFORE UPDATE ON concern_keepers
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER concern_keepers_no_delete BEFORE DELETE ON concern_keepers
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER concern_keepers_no_truncate BEFORE TRUNCATE ON concern_keepers
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
