-- No account at a bank is in the list twice, however its number is written.
--
-- Whoever adds or changes one holds an advisory lock, whose first key, 2, stands for the accounts
-- at banks: two at the same moment would not see each other.

CREATE OR REPLACE FUNCTION keep_numbers_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(2, 0);
    IF EXISTS (
        SELECT 1 FROM bank_accounts b
        WHERE b.code <> NEW.code AND b.bank_code = NEW.bank_code
            AND translate(b.account_number, '- ', '') = translate(NEW.account_number, '- ', '')
    ) THEN
        RAISE EXCEPTION 'this account at the bank is in the list already'
            USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER bank_accounts_number_once BEFORE INSERT OR UPDATE ON bank_accounts
FOR EACH ROW EXECUTE FUNCTION keep_numbers_once();
