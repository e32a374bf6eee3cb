-- A proposal begins open. Its proposer is written once, its decision once, and then it stays as it
-- is: that two people agreed, and on what, is not rewritten. None is removed.
-- The function refuse_change is in fundapp/db/sql/postgresql/refuse_change.sql.

CREATE OR REPLACE FUNCTION begin_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> 'open' THEN
        RAISE EXCEPTION 'a proposal begins open' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION keep_proposals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'open' OR (OLD.proposed_by_id IS NOT NULL
        AND NEW.proposed_by_id IS DISTINCT FROM OLD.proposed_by_id) OR (
        NEW.id, NEW.public_id, NEW.kind, NEW.subject, NEW.before_json, NEW.after_json,
        NEW.proposed_at, NEW.expires_on
    ) IS DISTINCT FROM (
        OLD.id, OLD.public_id, OLD.kind, OLD.subject, OLD.before_json, OLD.after_json,
        OLD.proposed_at, OLD.expires_on
    ) THEN
        RAISE EXCEPTION 'proposals are kept as written' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER proposals_begin_open BEFORE INSERT ON proposals
FOR EACH ROW EXECUTE FUNCTION begin_proposal();

CREATE TRIGGER proposals_kept_update BEFORE UPDATE ON proposals
FOR EACH ROW EXECUTE FUNCTION keep_proposals();

CREATE TRIGGER proposals_kept_delete BEFORE DELETE ON proposals
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER proposals_kept_truncate BEFORE TRUNCATE ON proposals
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
