-- A new fund has a row of available money, with 0 satang in it.

CREATE TRIGGER funds_open_balance AFTER INSERT ON funds BEGIN
    INSERT INTO fund_balances (fund_code, available_satang) VALUES (NEW.code, 0);
END;
