-- An account at a bank holds zakat or other money, never both; cash boxes may be shared.
--
-- The account's row is held, so that two funds do not take one account at the same moment. Postings
-- do not wait for that.

CREATE OR REPLACE FUNCTION keep_zakat_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM accounts WHERE code = NEW.account_code FOR NO KEY UPDATE;
    IF NEW.use = 'bank' AND EXISTS (
        SELECT 1 FROM fund_accounts a
        JOIN funds other ON other.code = a.fund_code JOIN funds own ON own.code = NEW.fund_code
        WHERE a.account_code = NEW.account_code AND a.use = 'bank'
            AND (other.restriction = 'zakat') <> (own.restriction = 'zakat')
    ) THEN
        RAISE EXCEPTION 'the account would hold zakat and other money'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION keep_use_and_restriction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an account of a fund keeps its use, a fund its restriction'
        USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER fund_accounts_zakat_apart BEFORE INSERT ON fund_accounts
FOR EACH ROW EXECUTE FUNCTION keep_zakat_apart();

CREATE TRIGGER fund_accounts_keep_use BEFORE UPDATE OF use ON fund_accounts
FOR EACH ROW WHEN (new.use <> old.use) EXECUTE FUNCTION keep_use_and_restriction();

CREATE TRIGGER funds_keep_restriction BEFORE UPDATE OF restriction ON funds
FOR EACH ROW WHEN (new.restriction <> old.restriction) EXECUTE FUNCTION keep_use_and_restriction();
