-- An account at a bank holds zakat or other money, never both; cash boxes may be shared.

CREATE TRIGGER fund_accounts_zakat_apart BEFORE INSERT ON fund_accounts
WHEN NEW.use = 'bank' AND EXISTS (
    SELECT 1 FROM fund_accounts a
    JOIN funds other ON other.code = a.fund_code JOIN funds own ON own.code = NEW.fund_code
    WHERE a.account_code = NEW.account_code AND a.use = 'bank'
        AND (other.restriction = 'zakat') <> (own.restriction = 'zakat')
)
BEGIN SELECT RAISE(ABORT, 'the account would hold zakat and other money'); END;

CREATE TRIGGER fund_accounts_keep_use BEFORE UPDATE OF use ON fund_accounts
WHEN NEW.use <> OLD.use
BEGIN SELECT RAISE(ABORT, 'an account of a fund keeps its use'); END;

CREATE TRIGGER funds_keep_restriction BEFORE UPDATE OF restriction ON funds
WHEN NEW.restriction <> OLD.restriction
BEGIN SELECT RAISE(ABORT, 'a fund keeps its restriction'); END;
