-- What was mailed of the sealed log stays as it was mailed. PostgreSQL. `refuse_change` is in
-- fundapp/db/sql/postgresql/refuse_change.sql.

CREATE TRIGGER checkpoint_mailings_no_update BEFORE UPDATE ON checkpoint_mailings
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER checkpoint_mailings_no_delete BEFORE DELETE ON checkpoint_mailings
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER checkpoint_mailings_no_truncate BEFORE TRUNCATE ON checkpoint_mailings
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
