-- A pack covers the days that were asked for and, once it has ended, stays as it was made. PostgreSQL.

CREATE OR REPLACE FUNCTION keep_packs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL
        OR (OLD.id, OLD.from_on, OLD.to_on, OLD.asked_by, OLD.asked_at)
            IS DISTINCT FROM (NEW.id, NEW.from_on, NEW.to_on, NEW.asked_by, NEW.asked_at) THEN
        RAISE EXCEPTION 'audit_packs: a pack stays as it was made' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER audit_packs_keep BEFORE UPDATE ON audit_packs
FOR EACH ROW EXECUTE FUNCTION keep_packs();

CREATE TRIGGER audit_packs_no_delete BEFORE DELETE ON audit_packs
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_packs_no_truncate BEFORE TRUNCATE ON audit_packs
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
