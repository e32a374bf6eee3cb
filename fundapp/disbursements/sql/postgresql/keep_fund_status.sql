-- A frozen or closed fund takes no request; a fund is closed when none of its requests is open. The
-- rest: fundapp/ledger/sql/postgresql/keep_fund_status.sql.

CREATE OR REPLACE FUNCTION require_fund_for_request() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fund_status text;
BEGIN
    SELECT status INTO fund_status FROM funds WHERE code = NEW.fund_code FOR KEY SHARE;
    IF TG_OP = 'INSERT' AND fund_status <> 'open' THEN
        RAISE EXCEPTION 'the fund takes no requests' USING ERRCODE = 'check_violation';
    ELSIF fund_status = 'closed'
        AND NEW.status IN ('submitted', 'returned', 'approved', 'paid', 'problem') THEN
        RAISE EXCEPTION 'the fund is closed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION close_fund_without_requests() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'closed' AND OLD.status <> 'closed' AND EXISTS (
        SELECT 1 FROM disbursement_requests WHERE fund_code = NEW.code
            AND status IN ('submitted', 'returned', 'approved', 'paid', 'problem')
    ) THEN
        RAISE EXCEPTION 'requests from the fund are open' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER disbursement_requests_of_open_fund BEFORE INSERT OR UPDATE ON disbursement_requests
FOR EACH ROW EXECUTE FUNCTION require_fund_for_request();

CREATE TRIGGER funds_close_without_requests BEFORE UPDATE ON funds
FOR EACH ROW EXECUTE FUNCTION close_fund_without_requests();
