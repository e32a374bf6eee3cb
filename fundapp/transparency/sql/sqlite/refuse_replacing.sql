-- INSERT OR REPLACE removes no row of these tables.
-- Why a trigger is needed: fundapp/ledger/sql/sqlite/refuse_replacing.sql.

CREATE TRIGGER publications_no_replace BEFORE INSERT ON publications BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: publications.month_on (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM publications WHERE month_on = NEW.month_on);
END;

CREATE TRIGGER published_figures_no_replace BEFORE INSERT ON published_figures BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: published_figures.month_on, published_figures.kind, published_figures.fund_code, published_figures.district_code (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM published_figures
        WHERE month_on = NEW.month_on AND kind = NEW.kind
            AND fund_code = NEW.fund_code AND district_code = NEW.district_code
    );
END;

CREATE TRIGGER published_callbacks_no_replace BEFORE INSERT ON published_callbacks BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: published_callbacks.month_on (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM published_callbacks WHERE month_on = NEW.month_on);
END;
