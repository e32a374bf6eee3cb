-- A possible duplicate is found when a file is registered, stays as it was found, and is decided on
-- once. That somebody else than the registrar decides is a CHECK and a foreign key of the table.

CREATE OR REPLACE FUNCTION begin_duplicate_finding() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.decision IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM children WHERE id = NEW.child_id AND status = 'waiting'
    ) THEN
        RAISE EXCEPTION 'a possible duplicate waits for a decision'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION keep_duplicate_findings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.decision IS NOT NULL OR (
        NEW.id, NEW.child_id, NEW.other_id, NEW.found_by_id, NEW.found_at, NEW.found_digest
    ) IS DISTINCT FROM (
        OLD.id, OLD.child_id, OLD.other_id, OLD.found_by_id, OLD.found_at, OLD.found_digest
    ) THEN
        RAISE EXCEPTION 'a possible duplicate is decided on once'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER duplicate_findings_begin BEFORE INSERT ON duplicate_findings
FOR EACH ROW EXECUTE FUNCTION begin_duplicate_finding();

CREATE TRIGGER duplicate_findings_kept_update BEFORE UPDATE ON duplicate_findings
FOR EACH ROW EXECUTE FUNCTION keep_duplicate_findings();

CREATE TRIGGER duplicate_findings_kept_delete BEFORE DELETE ON duplicate_findings
FOR EACH ROW EXECUTE FUNCTION keep_duplicate_findings();

CREATE TRIGGER duplicate_findings_no_truncate BEFORE TRUNCATE ON duplicate_findings
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
