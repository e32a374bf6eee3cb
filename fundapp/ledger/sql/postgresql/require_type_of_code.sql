-- An account's type is the first digit of its code: 1 asset, 2 liability, 3 net assets, 4 income,
-- 5 expense (docs/decisions/0008-type-of-an-account.md). So the effect of a posting on a fund's
-- available money is read off its two codes, and cannot be changed afterwards.

CREATE OR REPLACE FUNCTION require_type_of_code() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.type IS DISTINCT FROM (
        CASE substr(NEW.code, 1, 1)
            WHEN '1' THEN 'asset' WHEN '2' THEN 'liability' WHEN '3' THEN 'net_assets'
            WHEN '4' THEN 'income' WHEN '5' THEN 'expense' ELSE ''
        END
    ) THEN
        RAISE EXCEPTION 'accounts: the type does not follow from the code'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER accounts_type_insert BEFORE INSERT ON accounts
FOR EACH ROW EXECUTE FUNCTION require_type_of_code();

CREATE TRIGGER accounts_type_update BEFORE UPDATE ON accounts
FOR EACH ROW EXECUTE FUNCTION require_type_of_code();
