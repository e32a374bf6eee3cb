-- A remark changes once: when its words are erased, which is not undone. None is removed.
--
-- As long as it has words they are left free: they are encrypted again when keys rotate. That they
-- are those of the digest is the check `remarks.digests`.

CREATE OR REPLACE FUNCTION keep_remarks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.erased_at IS NOT NULL OR (
        NEW.id, NEW.kind, NEW.code, NEW.subject_type, NEW.subject_ref, NEW.digest,
        NEW.about_child, NEW.written_by, NEW.written_at
    ) IS DISTINCT FROM (
        OLD.id, OLD.kind, OLD.code, OLD.subject_type, OLD.subject_ref, OLD.digest,
        OLD.about_child, OLD.written_by, OLD.written_at
    ) THEN
        RAISE EXCEPTION 'remarks are kept as written' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER remarks_kept_update BEFORE UPDATE ON remarks
FOR EACH ROW EXECUTE FUNCTION keep_remarks();

CREATE TRIGGER remarks_kept_delete BEFORE DELETE ON remarks
FOR EACH ROW EXECUTE FUNCTION keep_remarks();

CREATE TRIGGER remarks_no_truncate BEFORE TRUNCATE ON remarks
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
