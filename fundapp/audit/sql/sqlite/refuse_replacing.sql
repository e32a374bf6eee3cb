-- INSERT OR REPLACE removes no mark, no run of the checks, no result and no proof.
-- Why a trigger is needed: fundapp/ledger/sql/sqlite/refuse_replacing.sql.

CREATE TRIGGER check_marks_no_replace BEFORE INSERT ON check_marks BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: check_marks.entry_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM check_marks WHERE entry_id = NEW.entry_id);
END;

CREATE TRIGGER check_runs_no_replace BEFORE INSERT ON check_runs BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: check_runs.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM check_runs WHERE id = NEW.id OR order_id = NEW.order_id);
END;

CREATE TRIGGER check_results_no_replace BEFORE INSERT ON check_results BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: check_results.run_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM check_results WHERE run_id = NEW.run_id AND name = NEW.name);
END;

CREATE TRIGGER check_run_proofs_no_replace BEFORE INSERT ON check_run_proofs BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: check_run_proofs.run_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM check_run_proofs WHERE run_id = NEW.run_id);
END;
