-- What somebody did, and whose file somebody read, is never changed or removed.

CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END;

CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END;

CREATE TRIGGER child_reads_no_update BEFORE UPDATE ON child_reads
BEGIN SELECT RAISE(ABORT, 'child_reads is append-only'); END;

CREATE TRIGGER child_reads_no_delete BEFORE DELETE ON child_reads
BEGIN SELECT RAISE(ABORT, 'child_reads is append-only'); END;
