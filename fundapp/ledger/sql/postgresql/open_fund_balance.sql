-- A new fund has a row of available money, with 0 satang in it and no shortage.

CREATE OR REPLACE FUNCTION open_fund_balance() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO fund_balances (fund_code, available_satang, shortage_satang)
    VALUES (NEW.code, 0, 0);
    RETURN NULL;
END $$;

CREATE TRIGGER funds_open_balance AFTER INSERT ON funds
FOR EACH ROW EXECUTE FUNCTION open_fund_balance();
