-- A fund's money moves only into and out of the asset accounts that the fund names, so money that
-- must be kept apart is not mixed at the bank, whatever program posts.

CREATE TRIGGER postings_keep_to_fund_accounts BEFORE INSERT ON postings
WHEN (NEW.debit_account_code < '2' AND NOT EXISTS (
    SELECT 1 FROM fund_accounts
    WHERE fund_code = NEW.fund_code AND account_code = NEW.debit_account_code
)) OR (NEW.credit_account_code < '2' AND NOT EXISTS (
    SELECT 1 FROM fund_accounts
    WHERE fund_code = NEW.fund_code AND account_code = NEW.credit_account_code
))
BEGIN SELECT RAISE(ABORT, 'the fund keeps no money in this account'); END;
