-- An account's type is the first digit of its code: 1 asset, 2 liability, 3 net assets, 4 income,
-- 5 expense (docs/decisions/0008-type-of-an-account.md). So the effect of a posting on a fund's
-- available money is read off its two codes, and cannot be changed afterwards.

CREATE TRIGGER accounts_type_insert BEFORE INSERT ON accounts
WHEN NEW.type IS NOT (
    CASE substr(NEW.code, 1, 1)
        WHEN '1' THEN 'asset' WHEN '2' THEN 'liability' WHEN '3' THEN 'net_assets'
        WHEN '4' THEN 'income' WHEN '5' THEN 'expense' ELSE ''
    END
)
BEGIN SELECT RAISE(ABORT, 'accounts: the type does not follow from the code'); END;

CREATE TRIGGER accounts_type_update BEFORE UPDATE ON accounts
WHEN NEW.type IS NOT (
    CASE substr(NEW.code, 1, 1)
        WHEN '1' THEN 'asset' WHEN '2' THEN 'liability' WHEN '3' THEN 'net_assets'
        WHEN '4' THEN 'income' WHEN '5' THEN 'expense' ELSE ''
    END
)
BEGIN SELECT RAISE(ABORT, 'accounts: the type does not follow from the code'); END;
