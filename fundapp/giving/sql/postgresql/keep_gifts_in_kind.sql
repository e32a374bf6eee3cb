-- A gift in kind stays as recorded and none is removed; one that was recorded by mistake is
-- withdrawn, once.

CREATE OR REPLACE FUNCTION refuse_gifts_in_kind_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (
        NEW.id, NEW.public_id, NEW.donor_id, NEW.description, NEW.declared_satang,
        NEW.received_on, NEW.is_anonymous, NEW.recorded_by, NEW.recorded_at,
        NEW.idempotency_key, NEW.form_digest
    ) IS DISTINCT FROM (
        OLD.id, OLD.public_id, OLD.donor_id, OLD.description, OLD.declared_satang,
        OLD.received_on, OLD.is_anonymous, OLD.recorded_by, OLD.recorded_at,
        OLD.idempotency_key, OLD.form_digest
    )
    OR (OLD.status = 'withdrawn' AND NEW.status <> 'withdrawn')
    THEN
        RAISE EXCEPTION 'the facts of a gift in kind are frozen' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER gifts_in_kind_frozen BEFORE UPDATE ON gifts_in_kind
FOR EACH ROW EXECUTE FUNCTION refuse_gifts_in_kind_change();

CREATE TRIGGER gifts_in_kind_kept BEFORE DELETE ON gifts_in_kind
FOR EACH ROW EXECUTE FUNCTION refuse_removal();

CREATE TRIGGER gifts_in_kind_kept_whole BEFORE TRUNCATE ON gifts_in_kind
FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal();
