-- The last day of an auditor from outside rests on a confirmed proposal, and goes only with its role:
-- nobody has more days than two people gave.
-- The function refuse_change is in fundapp/db/sql/postgresql/refuse_change.sql.

CREATE OR REPLACE FUNCTION keep_role_endings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'the last day of a role stays as given' USING ERRCODE = 'check_violation';
    ELSIF TG_OP = 'DELETE' THEN
        IF EXISTS (SELECT 1 FROM user_roles WHERE user_id = OLD.user_id AND role = OLD.role) THEN
            RAISE EXCEPTION 'the last day of a role goes only with the role' USING ERRCODE = 'check_violation';
        END IF;
        RETURN OLD;
    ELSIF NOT EXISTS (
        SELECT 1 FROM proposals p JOIN users u ON u.id = NEW.user_id
        WHERE p.id = NEW.proposal_id AND p.status = 'confirmed' AND p.kind = 'roles'
        AND p.subject = u.public_id
    ) THEN
        RAISE EXCEPTION 'the last day of a role rests on a confirmed proposal' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER role_endings_kept BEFORE INSERT OR DELETE OR UPDATE ON role_endings
FOR EACH ROW EXECUTE FUNCTION keep_role_endings();

CREATE TRIGGER role_endings_kept_truncate BEFORE TRUNCATE ON role_endings
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
