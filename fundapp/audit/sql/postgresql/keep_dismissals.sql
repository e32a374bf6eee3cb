-- Why nothing follows from an exception stays.

CREATE TRIGGER audit_dismissals_no_update BEFORE UPDATE ON audit_dismissals
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_dismissals_no_delete BEFORE DELETE ON audit_dismissals
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_dismissals_no_truncate BEFORE TRUNCATE ON audit_dismissals
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
