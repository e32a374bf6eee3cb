-- A mark stays as it was set: up to there every check held.
-- The function is in fundapp/db/sql/postgresql/refuse_change.sql.

CREATE TRIGGER check_marks_no_update BEFORE UPDATE ON check_marks
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER check_marks_no_delete BEFORE DELETE ON check_marks
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER check_marks_no_truncate BEFORE TRUNCATE ON check_marks
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A run of the checks and its results stay as they were stored.

CREATE TRIGGER check_runs_no_update BEFORE UPDATE ON check_runs
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER check_runs_no_delete BEFORE DELETE ON check_runs
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER check_runs_no_truncate BEFORE TRUNCATE ON check_runs
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER check_results_no_update BEFORE UPDATE ON check_results
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER check_results_no_delete BEFORE DELETE ON check_results
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER check_results_no_truncate BEFORE TRUNCATE ON check_results
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER check_run_proofs_no_update BEFORE UPDATE ON check_run_proofs
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER check_run_proofs_no_delete BEFORE DELETE ON check_run_proofs
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER check_run_proofs_no_truncate BEFORE TRUNCATE ON check_run_proofs
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Runs of before there were proofs were listed once.

CREATE TRIGGER runs_before_proofs_no_insert BEFORE INSERT ON runs_before_proofs
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER runs_before_proofs_no_update BEFORE UPDATE ON runs_before_proofs
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER runs_before_proofs_no_delete BEFORE DELETE ON runs_before_proofs
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER runs_before_proofs_no_truncate BEFORE TRUNCATE ON runs_before_proofs
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
