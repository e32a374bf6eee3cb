-- A mark stays as it was set: up to there every check held.

CREATE TRIGGER check_marks_no_update BEFORE UPDATE ON check_marks
BEGIN SELECT RAISE(ABORT, 'check_marks is append-only'); END;

CREATE TRIGGER check_marks_no_delete BEFORE DELETE ON check_marks
BEGIN SELECT RAISE(ABORT, 'check_marks is append-only'); END;

-- A run of the checks and its results stay as they were stored.

CREATE TRIGGER check_runs_no_update BEFORE UPDATE ON check_runs
BEGIN SELECT RAISE(ABORT, 'check_runs is append-only'); END;

CREATE TRIGGER check_runs_no_delete BEFORE DELETE ON check_runs
BEGIN SELECT RAISE(ABORT, 'check_runs is append-only'); END;

CREATE TRIGGER check_results_no_update BEFORE UPDATE ON check_results
BEGIN SELECT RAISE(ABORT, 'check_results is append-only'); END;

CREATE TRIGGER check_results_no_delete BEFORE DELETE ON check_results
BEGIN SELECT RAISE(ABORT, 'check_results is append-only'); END;

CREATE TRIGGER check_run_proofs_no_update BEFORE UPDATE ON check_run_proofs
BEGIN SELECT RAISE(ABORT, 'check_run_proofs is append-only'); END;

CREATE TRIGGER check_run_proofs_no_delete BEFORE DELETE ON check_run_proofs
BEGIN SELECT RAISE(ABORT, 'check_run_proofs is append-only'); END;

-- Runs of before there were proofs were listed once.

CREATE TRIGGER runs_before_proofs_no_insert BEFORE INSERT ON runs_before_proofs
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: runs_before_proofs takes no row any more'); END;

CREATE TRIGGER runs_before_proofs_no_update BEFORE UPDATE ON runs_before_proofs
BEGIN SELECT RAISE(ABORT, 'runs_before_proofs is append-only'); END;

CREATE TRIGGER runs_before_proofs_no_delete BEFORE DELETE ON runs_before_proofs
BEGIN SELECT RAISE(ABORT, 'runs_before_proofs is append-only'); END;
