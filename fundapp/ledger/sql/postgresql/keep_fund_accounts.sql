-- An account stays a fund's while money of the fund lies in it.

CREATE OR REPLACE FUNCTION keep_fund_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.fund_code, NEW.account_code) IS DISTINCT FROM (OLD.fund_code, OLD.account_code) THEN
            RAISE EXCEPTION 'a row of fund_accounts names one fund and account'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    -- Whoever posts to the fund holds its row: seal_journal_entry.sql.
    PERFORM FROM funds WHERE code = OLD.fund_code FOR UPDATE;
    IF 0 <> coalesce((
        SELECT sum(debit_satang - credit_satang) FROM account_months
        WHERE fund_code = OLD.fund_code AND account_code = OLD.account_code
    ), 0) THEN
        RAISE EXCEPTION 'money of the fund lies in this account'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER fund_accounts_kept BEFORE DELETE OR UPDATE ON fund_accounts
FOR EACH ROW EXECUTE FUNCTION keep_fund_accounts();

CREATE TRIGGER fund_accounts_no_truncate BEFORE TRUNCATE ON fund_accounts
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
