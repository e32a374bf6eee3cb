-- Whoever closes a month waits for the postings under way in it. PostgreSQL only: SQLite has one
-- writer.
--
-- Postings share an advisory lock on their month (seal_journal_entry.sql), so that nothing is
-- written for the lock; whoever changes or removes the month's row takes it alone, raw SQL too.

CREATE OR REPLACE FUNCTION wait_for_postings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(1, OLD.starts_on - date '2000-01-01');
    RETURN coalesce(NEW, OLD);
END $$;

CREATE TRIGGER periods_wait BEFORE DELETE OR UPDATE ON periods
FOR EACH ROW EXECUTE FUNCTION wait_for_postings();
