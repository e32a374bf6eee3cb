-- The rows of balances stay: without one, nothing would hold the next entry to what there is.

CREATE OR REPLACE FUNCTION keep_balance_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% keeps its rows', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER fund_balances_no_delete BEFORE DELETE ON fund_balances
FOR EACH STATEMENT EXECUTE FUNCTION keep_balance_rows();

CREATE TRIGGER fund_balances_stay BEFORE UPDATE OF fund_code ON fund_balances
FOR EACH STATEMENT EXECUTE FUNCTION keep_balance_rows();

CREATE TRIGGER fund_balances_no_truncate BEFORE TRUNCATE ON fund_balances
FOR EACH STATEMENT EXECUTE FUNCTION keep_balance_rows();

CREATE TRIGGER monthly_balances_no_delete BEFORE DELETE ON monthly_balances
FOR EACH STATEMENT EXECUTE FUNCTION keep_balance_rows();

CREATE TRIGGER monthly_balances_no_truncate BEFORE TRUNCATE ON monthly_balances
FOR EACH STATEMENT EXECUTE FUNCTION keep_balance_rows();
