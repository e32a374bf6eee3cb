-- Entries and postings are never changed or removed: a mistake is corrected by a reversal. What
-- receipts say about tax is not changed either: another wording has another number.
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

CREATE TRIGGER tax_wordings_no_update BEFORE UPDATE ON tax_wordings
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER tax_wordings_no_delete BEFORE DELETE ON tax_wordings
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER tax_wordings_no_truncate BEFORE TRUNCATE ON tax_wordings
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
