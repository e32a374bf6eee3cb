-- INSERT OR REPLACE removes no mark.
-- Why a trigger is needed: fundapp/ledger/sql/sqlite/refuse_replacing.sql.

CREATE TRIGGER check_marks_no_replace BEFORE INSERT ON check_marks BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: check_marks.entry_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM check_marks WHERE entry_id = NEW.entry_id);
END;
