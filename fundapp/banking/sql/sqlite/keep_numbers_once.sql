-- No account at a bank is in the list twice, however its number is written.

CREATE TRIGGER bank_accounts_number_insert BEFORE INSERT ON bank_accounts
WHEN EXISTS (
    SELECT 1 FROM bank_accounts b
    WHERE b.code <> NEW.code AND b.bank_code = NEW.bank_code
        AND replace(replace(b.account_number, '-', ''), ' ', '')
            = replace(replace(NEW.account_number, '-', ''), ' ', '')
)
BEGIN SELECT RAISE(ABORT, 'this account at the bank is in the list already'); END;

CREATE TRIGGER bank_accounts_number_update BEFORE UPDATE OF bank_code, account_number ON bank_accounts
WHEN EXISTS (
    SELECT 1 FROM bank_accounts b
    WHERE b.code <> OLD.code AND b.bank_code = NEW.bank_code
        AND replace(replace(b.account_number, '-', ''), ' ', '')
            = replace(replace(NEW.account_number, '-', ''), ' ', '')
)
BEGIN SELECT RAISE(ABORT, 'this account at the bank is in the list already'); END;
