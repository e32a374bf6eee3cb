-- A consent stays as it was signed. It is withdrawn once, which is not undone, and none is removed.
--
-- Its encrypted columns are left free: they are encrypted again when keys rotate.

CREATE OR REPLACE FUNCTION keep_consents() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR (
        NEW.id, NEW.child_id, NEW.kind, NEW.relation, NEW.signed_on, NEW.expires_on,
        NEW.recorded_by_id, NEW.recorded_at, NEW.capacity
    ) IS DISTINCT FROM (
        OLD.id, OLD.child_id, OLD.kind, OLD.relation, OLD.signed_on, OLD.expires_on,
        OLD.recorded_by_id, OLD.recorded_at, OLD.capacity
    ) OR (OLD.withdrawn_on IS NOT NULL AND NEW.withdrawn_on IS DISTINCT FROM OLD.withdrawn_on)
    THEN
        RAISE EXCEPTION 'consents are kept as signed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER consents_kept_update BEFORE UPDATE ON consents
FOR EACH ROW EXECUTE FUNCTION keep_consents();

CREATE TRIGGER consents_kept_delete BEFORE DELETE ON consents
FOR EACH ROW EXECUTE FUNCTION keep_consents();

CREATE TRIGGER consents_no_truncate BEFORE TRUNCATE ON consents
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
