-- An account stays a fund's while money of the fund lies in it.

CREATE TRIGGER fund_accounts_empty_delete BEFORE DELETE ON fund_accounts
WHEN 0 <> coalesce((
    SELECT sum(debit_satang - credit_satang) FROM monthly_balances
    WHERE fund_code = OLD.fund_code AND account_code = OLD.account_code
), 0)
BEGIN SELECT RAISE(ABORT, 'money of the fund lies in this account'); END;

CREATE TRIGGER fund_accounts_stay BEFORE UPDATE ON fund_accounts
WHEN (NEW.fund_code, NEW.account_code) IS NOT (OLD.fund_code, OLD.account_code)
BEGIN SELECT RAISE(ABORT, 'a row of fund_accounts names one fund and account'); END;
