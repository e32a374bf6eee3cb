-- A fund's money moves only into and out of the asset accounts that the fund names, so money that
-- must be kept apart is not mixed at the bank, whatever program posts.

CREATE OR REPLACE FUNCTION keep_to_fund_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.debit_account_code LIKE '1%' AND NOT EXISTS (
        SELECT 1 FROM fund_accounts
        WHERE fund_code = NEW.fund_code AND account_code = NEW.debit_account_code
    )) OR (NEW.credit_account_code LIKE '1%' AND NOT EXISTS (
        SELECT 1 FROM fund_accounts
        WHERE fund_code = NEW.fund_code AND account_code = NEW.credit_account_code
    )) THEN
        RAISE EXCEPTION 'the fund keeps no money in this account'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER postings_keep_to_fund_accounts BEFORE INSERT ON postings
FOR EACH ROW EXECUTE FUNCTION keep_to_fund_accounts();
