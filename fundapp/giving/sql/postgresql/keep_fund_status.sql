-- A frozen or closed fund takes no new pledge, and a closed one no payment; a fund is closed when
-- none of its pledges runs. The rest: fundapp/ledger/sql/postgresql/keep_fund_status.sql.
--
-- Each holds the fund's row, as postings do, so that closing waits for it or it sees the fund closed.

CREATE OR REPLACE FUNCTION require_fund_for_pledge() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fund_status text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.status NOT IN ('active', 'paused')
            OR (OLD.status IN ('active', 'paused') AND NEW.fund_code = OLD.fund_code) THEN
            RETURN NEW;
        END IF;
    END IF;
    SELECT status INTO fund_status FROM funds WHERE code = NEW.fund_code FOR KEY SHARE;
    IF TG_OP = 'INSERT' AND fund_status <> 'open' THEN
        RAISE EXCEPTION 'the fund takes no pledges' USING ERRCODE = 'check_violation';
    ELSIF fund_status = 'closed' THEN
        RAISE EXCEPTION 'the fund is closed' USING ERRCODE = 'check_violation';
    ELSIF NEW.is_split AND EXISTS (
        SELECT 1 FROM (
            SELECT status FROM funds WHERE code IN (
                SELECT fund_code FROM pledge_shares WHERE pledge_id = NEW.id
            ) ORDER BY code FOR KEY SHARE
        ) f WHERE f.status = 'closed'
    ) THEN
        RAISE EXCEPTION 'the fund is closed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION refuse_designation_to_closed_fund() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fund_status text;
BEGIN
    SELECT status INTO fund_status FROM funds WHERE code = NEW.fund_code FOR KEY SHARE;
    IF fund_status = 'closed' THEN
        RAISE EXCEPTION 'the fund is closed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION close_fund_without_pledges() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'closed' AND OLD.status <> 'closed' AND EXISTS (
        SELECT 1 FROM pledges WHERE fund_code = NEW.code AND status IN ('active', 'paused')
        UNION ALL
        SELECT 1 FROM pledge_shares s JOIN pledges p ON p.id = s.pledge_id
        WHERE s.fund_code = NEW.code AND p.status IN ('active', 'paused')
    ) THEN
        RAISE EXCEPTION 'pledges to the fund still run' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER pledges_of_open_fund BEFORE INSERT OR UPDATE ON pledges
FOR EACH ROW EXECUTE FUNCTION require_fund_for_pledge();

CREATE TRIGGER designations_to_closed_fund BEFORE INSERT ON designations
FOR EACH ROW EXECUTE FUNCTION refuse_designation_to_closed_fund();

CREATE TRIGGER funds_close_without_pledges BEFORE UPDATE ON funds
FOR EACH ROW EXECUTE FUNCTION close_fund_without_pledges();
