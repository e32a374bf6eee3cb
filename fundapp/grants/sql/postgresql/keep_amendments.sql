-- An amendment is of a grant that runs, follows the one before it, begins at what the grant says, and
-- stays. PostgreSQL.

CREATE OR REPLACE FUNCTION keep_amendments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM grants g WHERE g.id = NEW.grant_id AND g.status = 'running'
            AND g.ends_on = NEW.ends_before AND NEW.ends_after >= g.starts_on
            AND NEW.number = 1 + (SELECT count(*) FROM grant_amendments WHERE grant_id = NEW.grant_id)
    ) THEN
        RAISE EXCEPTION 'an amendment follows the one before, of a grant that runs'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER grant_amendments_follow BEFORE INSERT ON grant_amendments
FOR EACH ROW EXECUTE FUNCTION keep_amendments();

CREATE OR REPLACE FUNCTION keep_amendment_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.before_satang <> coalesce((
            SELECT amount_satang FROM grant_lines
            WHERE grant_id = NEW.grant_id AND fiscal_year = NEW.fiscal_year
                AND account_code = NEW.account_code
        ), 0)
        OR NEW.number IS DISTINCT FROM (
            SELECT max(number) FROM grant_amendments WHERE grant_id = NEW.grant_id
        )
        OR (SELECT status FROM grants WHERE id = NEW.grant_id) IS DISTINCT FROM 'running'
    THEN
        RAISE EXCEPTION 'an amendment begins at what the grant says'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER grant_amendment_lines_follow BEFORE INSERT ON grant_amendment_lines
FOR EACH ROW EXECUTE FUNCTION keep_amendment_lines();

CREATE TRIGGER grant_amendments_no_update BEFORE UPDATE ON grant_amendments
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER grant_amendments_no_delete BEFORE DELETE ON grant_amendments
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER grant_amendments_no_truncate BEFORE TRUNCATE ON grant_amendments
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER grant_amendment_lines_no_update BEFORE UPDATE ON grant_amendment_lines
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER grant_amendment_lines_no_delete BEFORE DELETE ON grant_amendment_lines
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER grant_amendment_lines_no_truncate BEFORE TRUNCATE ON grant_amendment_lines
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
