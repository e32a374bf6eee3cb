-- INSERT OR REPLACE removes no row of the books, and no posting joins an entry that exists.
--
-- REPLACE deletes the row that has the key without running its DELETE trigger, unless the
-- connection has set recursive_triggers. Our connections set it, those of other programs do not.
-- So an insert is refused where one of the table's keys is taken, whatever would become of the row
-- that has it, in SQLite's own words for a key that is taken.
--
-- Another program may also leave foreign_keys off, so that the key of postings to their entry is
-- not checked: a posting of an entry that exists is refused here.
--
-- PostgreSQL has no REPLACE and always checks foreign keys.

CREATE TRIGGER journal_entries_no_replace BEFORE INSERT ON journal_entries BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: journal_entries.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM journal_entries WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: journal_entries.idempotency_key (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM journal_entries WHERE idempotency_key = NEW.idempotency_key);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: journal_entries.reverses_entry_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM journal_entries WHERE reverses_entry_id = NEW.reverses_entry_id);
END;

CREATE TRIGGER postings_no_replace BEFORE INSERT ON postings
WHEN EXISTS (SELECT 1 FROM journal_entries WHERE id = NEW.entry_id)
BEGIN SELECT RAISE(ABORT, 'ledger: the entry is sealed, no posting joins it'); END;

CREATE TRIGGER tax_wordings_no_replace BEFORE INSERT ON tax_wordings
WHEN EXISTS (SELECT 1 FROM tax_wordings WHERE fund_code = NEW.fund_code AND number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: tax_wordings (no row is replaced)'); END;

CREATE TRIGGER fund_accounts_no_replace BEFORE INSERT ON fund_accounts
WHEN EXISTS (
    SELECT 1 FROM fund_accounts WHERE fund_code = NEW.fund_code AND account_code = NEW.account_code
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: fund_accounts (no row is replaced)'); END;
