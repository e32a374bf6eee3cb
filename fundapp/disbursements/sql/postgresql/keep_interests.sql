-- Who declared an interest in a request neither decides on it nor lets its payment go on; a
-- declaration stays.

CREATE OR REPLACE FUNCTION refuse_interested_approver() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM request_interests
        WHERE request_id = NEW.request_id AND user_id = NEW.approver_id
    ) THEN
        RAISE EXCEPTION 'who declared an interest in a request does not decide on it'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER approvals_without_interest BEFORE INSERT ON approvals
FOR EACH ROW EXECUTE FUNCTION refuse_interested_approver();

CREATE OR REPLACE FUNCTION refuse_interested_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM request_interests
        WHERE request_id = NEW.request_id AND user_id = NEW.released_by_id
    ) THEN
        RAISE EXCEPTION 'who declared an interest in a request does not decide on it'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER payment_releases_without_interest BEFORE INSERT ON payment_releases
FOR EACH ROW EXECUTE FUNCTION refuse_interested_release();

CREATE TRIGGER request_interests_no_update BEFORE UPDATE ON request_interests
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER request_interests_no_delete BEFORE DELETE ON request_interests
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER request_interests_no_truncate BEFORE TRUNCATE ON request_interests
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
