-- INSERT OR REPLACE removes no row of a batch; see fundapp/ledger/sql/sqlite/refuse_replacing.sql.

CREATE TRIGGER payout_batches_no_replace BEFORE INSERT ON payout_batches
WHEN EXISTS (
    SELECT 1 FROM payout_batches WHERE id = NEW.id OR public_id = NEW.public_id
        OR number = NEW.number OR form_key = NEW.form_key
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: payout_batches (no row is replaced)'); END;

CREATE TRIGGER payout_batch_lines_no_replace BEFORE INSERT ON payout_batch_lines
WHEN EXISTS (
    SELECT 1 FROM payout_batch_lines WHERE id = NEW.id
        OR (batch_id = NEW.batch_id AND (position = NEW.position OR voucher = NEW.voucher))
        OR (request_id = NEW.request_id AND state IN ('waiting', 'paid'))
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: payout_batch_lines (no row is replaced)'); END;

CREATE TRIGGER payout_batch_releases_no_replace BEFORE INSERT ON payout_batch_releases
WHEN EXISTS (
    SELECT 1 FROM payout_batch_releases WHERE batch_id = NEW.batch_id AND number = NEW.number
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: payout_batch_releases (no row is replaced)'); END;

CREATE TRIGGER payout_batch_files_no_replace BEFORE INSERT ON payout_batch_files
WHEN EXISTS (
    SELECT 1 FROM payout_batch_files
    WHERE batch_id = NEW.batch_id AND release_number = NEW.release_number
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: payout_batch_files (no row is replaced)'); END;

CREATE TRIGGER payout_batch_results_no_replace BEFORE INSERT ON payout_batch_results
WHEN EXISTS (SELECT 1 FROM payout_batch_results WHERE line_id = NEW.line_id)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: payout_batch_results (no row is replaced)'); END;
