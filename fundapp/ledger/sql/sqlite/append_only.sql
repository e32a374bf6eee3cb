-- Entries and postings are never changed or removed: a mistake is corrected by a reversal. What
-- receipts say about tax is not changed either: another wording has another number.

CREATE TRIGGER journal_entries_no_update BEFORE UPDATE ON journal_entries
BEGIN SELECT RAISE(ABORT, 'journal_entries is append-only'); END;

CREATE TRIGGER journal_entries_no_delete BEFORE DELETE ON journal_entries
BEGIN SELECT RAISE(ABORT, 'journal_entries is append-only'); END;

CREATE TRIGGER postings_no_update BEFORE UPDATE ON postings
BEGIN SELECT RAISE(ABORT, 'postings is append-only'); END;

CREATE TRIGGER postings_no_delete BEFORE DELETE ON postings
BEGIN SELECT RAISE(ABORT, 'postings is append-only'); END;

CREATE TRIGGER tax_wordings_no_update BEFORE UPDATE ON tax_wordings
BEGIN SELECT RAISE(ABORT, 'tax_wordings is append-only'); END;

CREATE TRIGGER tax_wordings_no_delete BEFORE DELETE ON tax_wordings
BEGIN SELECT RAISE(ABORT, 'tax_wordings is append-only'); END;
