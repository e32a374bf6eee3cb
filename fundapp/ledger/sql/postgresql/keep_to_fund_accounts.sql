-- A fund's money moves only into and out of the asset accounts that the fund names, so money that
-- must be kept apart is not mixed at the bank, whatever program posts. A closed fund takes none.
--
-- The fund's row is held first: whoever changes its accounts or closes it locks that row, so that a
-- posting sees either the fund before, and is waited for, or the fund after. The foreign key would
-- hold the row anyway, but too late.

CREATE OR REPLACE FUNCTION keep_to_fund_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fund_status text;
BEGIN
    SELECT status INTO fund_status FROM funds WHERE code = NEW.fund_code FOR KEY SHARE;
    IF fund_status = 'closed' THEN
        RAISE EXCEPTION 'the fund is closed' USING ERRCODE = 'check_violation';
    END IF;
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
