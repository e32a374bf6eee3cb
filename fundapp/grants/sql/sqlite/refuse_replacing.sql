-- INSERT OR REPLACE removes no row of a grant; see fundapp/ledger/sql/sqlite/refuse_replacing.sql.

CREATE TRIGGER grants_no_replace BEFORE INSERT ON grants
WHEN EXISTS (
    SELECT 1 FROM grants WHERE id = NEW.id OR public_id = NEW.public_id
        OR (donor_id = NEW.donor_id AND number = NEW.number)
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: grants (no row is replaced)'); END;

CREATE TRIGGER grant_lines_no_replace BEFORE INSERT ON grant_lines
WHEN EXISTS (
    SELECT 1 FROM grant_lines WHERE id = NEW.id
        OR (grant_id = NEW.grant_id AND fiscal_year = NEW.fiscal_year AND account_code = NEW.account_code)
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: grant_lines (no row is replaced)'); END;

CREATE TRIGGER grant_instalments_no_replace BEFORE INSERT ON grant_instalments
WHEN EXISTS (
    SELECT 1 FROM grant_instalments WHERE id = NEW.id OR pledge_id = NEW.pledge_id
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: grant_instalments (no row is replaced)'); END;

CREATE TRIGGER grant_conditions_no_replace BEFORE INSERT ON grant_conditions
WHEN EXISTS (
    SELECT 1 FROM grant_conditions WHERE id = NEW.id OR public_id = NEW.public_id
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: grant_conditions (no row is replaced)'); END;

CREATE TRIGGER grant_reports_no_replace BEFORE INSERT ON grant_reports
WHEN EXISTS (
    SELECT 1 FROM grant_reports WHERE id = NEW.id OR public_id = NEW.public_id
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: grant_reports (no row is replaced)'); END;

CREATE TRIGGER grant_report_sendings_no_replace BEFORE INSERT ON grant_report_sendings
WHEN EXISTS (
    SELECT 1 FROM grant_report_sendings WHERE report_id = NEW.report_id AND number = NEW.number
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: grant_report_sendings (no row is replaced)'); END;

CREATE TRIGGER grant_report_figures_no_replace BEFORE INSERT ON grant_report_figures
WHEN EXISTS (
    SELECT 1 FROM grant_report_figures WHERE report_id = NEW.report_id AND number = NEW.number
        AND line_id = NEW.line_id
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: grant_report_figures (no row is replaced)'); END;

CREATE TRIGGER grant_amendments_no_replace BEFORE INSERT ON grant_amendments
WHEN EXISTS (
    SELECT 1 FROM grant_amendments
    WHERE (grant_id = NEW.grant_id AND number = NEW.number) OR proposal_id = NEW.proposal_id
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: grant_amendments (no row is replaced)'); END;

CREATE TRIGGER grant_amendment_lines_no_replace BEFORE INSERT ON grant_amendment_lines
WHEN EXISTS (
    SELECT 1 FROM grant_amendment_lines
    WHERE grant_id = NEW.grant_id AND number = NEW.number AND fiscal_year = NEW.fiscal_year
        AND account_code = NEW.account_code
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: grant_amendment_lines (no row is replaced)'); END;
