-- A new fund has a row of available money, with 0 satang in it and no shortage.

CREATE TRIGGER funds_open_balance AFTER INSERT ON funds BEGIN
    INSERT INTO fund_balances (fund_code, available_satang, shortage_satang)
    VALUES (NEW.code, 0, 0);
END;
