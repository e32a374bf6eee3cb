-- What was published is never changed or removed.
-- The function is in fundapp/db/sql/postgresql/refuse_change.sql.

CREATE TRIGGER publications_no_update BEFORE UPDATE ON publications
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER publications_no_delete BEFORE DELETE ON publications
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER publications_no_truncate BEFORE TRUNCATE ON publications
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER published_figures_no_update BEFORE UPDATE ON published_figures
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER published_figures_no_delete BEFORE DELETE ON published_figures
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER published_figures_no_truncate BEFORE TRUNCATE ON published_figures
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER published_callbacks_no_update BEFORE UPDATE ON published_callbacks
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER published_callbacks_no_delete BEFORE DELETE ON published_callbacks
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER published_callbacks_no_truncate BEFORE TRUNCATE ON published_callbacks
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
