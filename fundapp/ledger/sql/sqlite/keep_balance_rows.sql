-- The rows of balances stay: without one, nothing would hold the next entry to what there is.

CREATE TRIGGER fund_balances_no_delete BEFORE DELETE ON fund_balances
BEGIN SELECT RAISE(ABORT, 'fund_balances keeps its rows'); END;

CREATE TRIGGER fund_balances_stay BEFORE UPDATE OF fund_code ON fund_balances
BEGIN SELECT RAISE(ABORT, 'fund_balances keeps its rows'); END;

CREATE TRIGGER monthly_balances_no_delete BEFORE DELETE ON monthly_balances
BEGIN SELECT RAISE(ABORT, 'monthly_balances keeps its rows'); END;

-- REPLACE deletes without the trigger above (refuse_replacing.sql). A month's row is counted up by
-- an insert that meets it, so that one may meet its key.
CREATE TRIGGER fund_balances_no_replace BEFORE INSERT ON fund_balances BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: fund_balances.fund_code (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM fund_balances WHERE fund_code = NEW.fund_code);
END;
