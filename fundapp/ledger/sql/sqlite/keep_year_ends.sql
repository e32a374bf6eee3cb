-- What closes a fiscal year moves income and expenses of its funds to their net assets (3110) on the
-- last day of the year, and nothing else; it is not reversed like another entry, but taken back when
-- the last month of the year is opened again. SQLite.

CREATE TRIGGER journal_entries_year_end AFTER INSERT ON journal_entries
WHEN NEW.kind = 'year_end'
BEGIN
    SELECT RAISE(ABORT, 'ledger: a fiscal year is closed on its last day')
    WHERE substr(NEW.entry_on, 6) <> '09-30';
    SELECT RAISE(ABORT, 'ledger: closing a year moves income and expenses to net assets')
    FROM postings
    WHERE entry_id = NEW.id AND NOT (
        min(debit_account_code, credit_account_code) = '3110'
        AND max(debit_account_code, credit_account_code) >= '4'
    );
END;

CREATE TRIGGER journal_entries_year_end_stays BEFORE INSERT ON journal_entries
WHEN NEW.reverses_entry_id IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'ledger: the closing of a year is not reversed')
    FROM journal_entries WHERE id = NEW.reverses_entry_id AND kind = 'year_end';
END;
