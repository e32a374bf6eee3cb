-- What closes a fiscal year moves income and expenses of its funds to their net assets (3110) on the
-- last day of the year, and nothing else; it is not reversed like another entry, but taken back when
-- the last month of the year is opened again. PostgreSQL.

CREATE OR REPLACE FUNCTION keep_year_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind = 'year_end' AND to_char(NEW.entry_on, 'MM-DD') <> '09-30' THEN
        RAISE EXCEPTION 'ledger: a fiscal year is closed on its last day'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.kind = 'year_end' AND EXISTS (
        SELECT FROM postings WHERE entry_id = NEW.id AND NOT (
            least(debit_account_code, credit_account_code) = '3110'
            AND greatest(debit_account_code, credit_account_code) >= '4'
        )
    ) THEN
        RAISE EXCEPTION 'ledger: closing a year moves income and expenses to net assets'
            USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT FROM journal_entries WHERE id = NEW.reverses_entry_id AND kind = 'year_end'
    ) THEN
        RAISE EXCEPTION 'ledger: the closing of a year is not reversed'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER journal_entries_year_end AFTER INSERT ON journal_entries
FOR EACH ROW WHEN (new.kind = 'year_end'::text OR new.reverses_entry_id IS NOT NULL)
EXECUTE FUNCTION keep_year_end();
