-- A written exception rests on the proposal that the two people named in it proposed and confirmed.
-- It changes once: when it is ended early. None is removed.
-- The function refuse_change is in fundapp/db/sql/postgresql/refuse_change.sql.

CREATE OR REPLACE FUNCTION require_agreed_exception() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.ended_on IS NOT NULL OR NOT EXISTS (
        SELECT FROM proposals WHERE id = NEW.proposal_id AND status = 'confirmed'
        AND proposed_by_id = NEW.proposed_by_id AND decided_by_id = NEW.confirmed_by_id
    ) THEN
        RAISE EXCEPTION 'an exception rests on a confirmed proposal'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION keep_role_exceptions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_on IS NOT NULL OR (
        NEW.id, NEW.user_id, NEW.role, NEW.beside, NEW.reason, NEW.starts_on, NEW.ends_on,
        NEW.proposal_id, NEW.proposed_by_id, NEW.confirmed_by_id
    ) IS DISTINCT FROM (
        OLD.id, OLD.user_id, OLD.role, OLD.beside, OLD.reason, OLD.starts_on, OLD.ends_on,
        OLD.proposal_id, OLD.proposed_by_id, OLD.confirmed_by_id
    ) THEN
        RAISE EXCEPTION 'exceptions are kept as written' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER role_exceptions_confirmed BEFORE INSERT ON role_exceptions
FOR EACH ROW EXECUTE FUNCTION require_agreed_exception();

CREATE TRIGGER role_exceptions_kept_update BEFORE UPDATE ON role_exceptions
FOR EACH ROW EXECUTE FUNCTION keep_role_exceptions();

CREATE TRIGGER role_exceptions_kept_delete BEFORE DELETE ON role_exceptions
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER role_exceptions_kept_truncate BEFORE TRUNCATE ON role_exceptions
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
