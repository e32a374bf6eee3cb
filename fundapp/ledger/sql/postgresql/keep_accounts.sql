-- An account stays, under its code: postings name it without a foreign key (seal_journal_entry.sql).

CREATE OR REPLACE FUNCTION keep_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an account stays, under its code' USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER accounts_stay BEFORE DELETE OR UPDATE OF code ON accounts
FOR EACH ROW EXECUTE FUNCTION keep_accounts();

CREATE TRIGGER accounts_no_truncate BEFORE TRUNCATE ON accounts
FOR EACH STATEMENT EXECUTE FUNCTION keep_accounts();
