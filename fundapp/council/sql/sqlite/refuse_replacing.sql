-- INSERT OR REPLACE removes no figure of the council.
-- Why a trigger is needed: fundapp/ledger/sql/sqlite/refuse_replacing.sql.

CREATE TRIGGER council_reports_no_replace BEFORE INSERT ON council_reports BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: council_reports.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM council_reports WHERE id = NEW.id OR day = NEW.day);
END;

CREATE TRIGGER council_figures_no_replace BEFORE INSERT ON council_figures BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: council_figures.report_id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM council_figures WHERE report_id = NEW.report_id AND kind = NEW.kind
        AND district_code = NEW.district_code AND column_name = NEW.column_name
    );
END;
