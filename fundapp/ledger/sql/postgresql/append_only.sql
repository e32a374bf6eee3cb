-- Entries and postings are never changed or removed: a mistake is corrected by a reversal.
-- The function is in fundapp/db/sql/postgresql/refuse_change.sql.

CREATE TRIGGER journal_entries_no_update BEFORE UPDATE ON journal_entries
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER journal_entries_no_delete BEFORE DELETE ON journal_entries
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER journal_entries_no_truncate BEFORE TRUNCATE ON journal_entries
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER postings_no_update BEFORE UPDATE ON postings
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER postings_no_delete BEFORE DELETE ON postings
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER postings_no_truncate BEFORE TRUNCATE ON postings
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
