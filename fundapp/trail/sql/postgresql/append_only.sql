-- What somebody did, and whose file somebody read, is never changed or removed.
-- The function is in fundapp/db/sql/postgresql/refuse_change.sql.

CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER child_reads_no_update BEFORE UPDATE ON child_reads
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER child_reads_no_delete BEFORE DELETE ON child_reads
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER child_reads_no_truncate BEFORE TRUNCATE ON child_reads
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
