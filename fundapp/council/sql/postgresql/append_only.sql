-- Figures of the council stay as they were counted.
-- The function is in fundapp/db/sql/postgresql/refuse_change.sql.

CREATE TRIGGER council_reports_no_update BEFORE UPDATE ON council_reports
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER council_reports_no_delete BEFORE DELETE ON council_reports
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER council_reports_no_truncate BEFORE TRUNCATE ON council_reports
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER council_figures_no_update BEFORE UPDATE ON council_figures
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER council_figures_no_delete BEFORE DELETE ON council_figures
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER council_figures_no_truncate BEFORE TRUNCATE ON council_figures
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
