-- A frozen or closed fund takes no request; a fund is closed when none of its requests is open. The
-- rest: fundapp/ledger/sql/sqlite/keep_fund_status.sql.

CREATE TRIGGER disbursement_requests_of_open_fund BEFORE INSERT ON disbursement_requests
WHEN EXISTS (SELECT 1 FROM funds WHERE code = NEW.fund_code AND status <> 'open')
BEGIN SELECT RAISE(ABORT, 'the fund takes no requests'); END;

CREATE TRIGGER disbursement_requests_of_closed_fund BEFORE UPDATE ON disbursement_requests
WHEN NEW.status IN ('submitted', 'returned', 'approved', 'paid', 'problem') AND EXISTS (
    SELECT 1 FROM funds WHERE code = NEW.fund_code AND status = 'closed'
)
BEGIN SELECT RAISE(ABORT, 'the fund is closed'); END;

CREATE TRIGGER funds_close_without_requests BEFORE UPDATE ON funds
WHEN NEW.status = 'closed' AND OLD.status <> 'closed' AND EXISTS (
    SELECT 1 FROM disbursement_requests WHERE fund_code = NEW.code
        AND status IN ('submitted', 'returned', 'approved', 'paid', 'problem')
)
BEGIN SELECT RAISE(ABORT, 'requests from the fund are open'); END;
