-- A file is merged into another one by somebody else than its registrar, stays so as it was written,
-- and is undone once. A file that was merged takes no other one in.

CREATE OR REPLACE FUNCTION begin_child_merge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.undone_at IS NOT NULL OR EXISTS (
        SELECT 1 FROM children WHERE id = NEW.child_id AND registered_by_id = NEW.merged_by_id
    ) OR EXISTS (
        SELECT 1 FROM child_merges WHERE child_id = NEW.into_id AND undone_at IS NULL
    ) THEN
        RAISE EXCEPTION 'another person than the registrar merges two files that stand'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION keep_child_merges() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.undone_at IS NOT NULL OR (
        NEW.id, NEW.child_id, NEW.into_id, NEW.merged_by_id, NEW.merged_at, NEW.reason_digest
    ) IS DISTINCT FROM (
        OLD.id, OLD.child_id, OLD.into_id, OLD.merged_by_id, OLD.merged_at, OLD.reason_digest
    ) THEN
        RAISE EXCEPTION 'a merge of files is undone once' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER child_merges_begin BEFORE INSERT ON child_merges
FOR EACH ROW EXECUTE FUNCTION begin_child_merge();

CREATE TRIGGER child_merges_kept_update BEFORE UPDATE ON child_merges
FOR EACH ROW EXECUTE FUNCTION keep_child_merges();

CREATE TRIGGER child_merges_kept_delete BEFORE DELETE ON child_merges
FOR EACH ROW EXECUTE FUNCTION keep_child_merges();

CREATE TRIGGER child_merges_no_truncate BEFORE TRUNCATE ON child_merges
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
