-- Figures of the council stay as they were counted.

CREATE TRIGGER council_reports_no_update BEFORE UPDATE ON council_reports
BEGIN SELECT RAISE(ABORT, 'council_reports is append-only'); END;

CREATE TRIGGER council_reports_no_delete BEFORE DELETE ON council_reports
BEGIN SELECT RAISE(ABORT, 'council_reports is append-only'); END;

CREATE TRIGGER council_figures_no_update BEFORE UPDATE ON council_figures
BEGIN SELECT RAISE(ABORT, 'council_figures is append-only'); END;

CREATE TRIGGER council_figures_no_delete BEFORE DELETE ON council_figures
BEGIN SELECT RAISE(ABORT, 'council_figures is append-only'); END;
