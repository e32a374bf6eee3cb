-- A frozen or closed fund takes no new pledge, and a closed one no payment; a fund is closed when
-- none of its pledges runs. The rest: fundapp/ledger/sql/sqlite/keep_fund_status.sql.

CREATE TRIGGER pledges_to_open_fund BEFORE INSERT ON pledges
WHEN EXISTS (SELECT 1 FROM funds WHERE code = NEW.fund_code AND status <> 'open')
BEGIN SELECT RAISE(ABORT, 'the fund takes no pledges'); END;

CREATE TRIGGER pledges_of_closed_fund BEFORE UPDATE ON pledges
WHEN NEW.status IN ('active', 'paused') AND (
    OLD.status NOT IN ('active', 'paused') OR NEW.fund_code <> OLD.fund_code
) AND EXISTS (
    SELECT 1 FROM funds WHERE status = 'closed' AND (code = NEW.fund_code OR code IN (
        SELECT fund_code FROM pledge_shares WHERE pledge_id = NEW.id
    ))
)
BEGIN SELECT RAISE(ABORT, 'the fund is closed'); END;

CREATE TRIGGER designations_to_closed_fund BEFORE INSERT ON designations
WHEN EXISTS (SELECT 1 FROM funds WHERE code = NEW.fund_code AND status = 'closed')
BEGIN SELECT RAISE(ABORT, 'the fund is closed'); END;

CREATE TRIGGER funds_close_without_pledges BEFORE UPDATE ON funds
WHEN NEW.status = 'closed' AND OLD.status <> 'closed' AND EXISTS (
    SELECT 1 FROM pledges WHERE fund_code = NEW.code AND status IN ('active', 'paused')
) OR NEW.status = 'closed' AND OLD.status <> 'closed' AND EXISTS (
    SELECT 1 FROM pledge_shares s JOIN pledges p ON p.id = s.pledge_id
    WHERE s.fund_code = NEW.code AND p.status IN ('active', 'paused')
)
BEGIN SELECT RAISE(ABORT, 'pledges to the fund still run'); END;
