-- INSERT OR REPLACE removes no row of these tables.
-- Why a trigger is needed: fundapp/ledger/sql/sqlite/refuse_replacing.sql.

CREATE TRIGGER approvals_no_replace BEFORE INSERT ON approvals BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: approvals.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM approvals WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: approvals.request_id, approvals.version (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM approvals
        WHERE request_id = NEW.request_id AND version = NEW.version
    );
END;

CREATE TRIGGER disbursement_requests_no_replace BEFORE INSERT ON disbursement_requests BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: disbursement_requests.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM disbursement_requests WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: disbursement_requests.public_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM disbursement_requests WHERE public_id = NEW.public_id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: disbursement_requests.number (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM disbursement_requests WHERE number = NEW.number);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: disbursement_requests.approval_entry_id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM disbursement_requests
        WHERE approval_entry_id = NEW.approval_entry_id
    );
END;

CREATE TRIGGER payouts_no_replace BEFORE INSERT ON payouts BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: payouts.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM payouts WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: payouts.public_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM payouts WHERE public_id = NEW.public_id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: payouts.voucher (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM payouts WHERE voucher = NEW.voucher);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: payouts.request_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM payouts WHERE request_id = NEW.request_id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: payouts.journal_entry_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM payouts WHERE journal_entry_id = NEW.journal_entry_id);
END;

CREATE TRIGGER request_lines_no_replace BEFORE INSERT ON request_lines BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: request_lines.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM request_lines WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: request_lines.request_id, request_lines.child_id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM request_lines
        WHERE request_id = NEW.request_id AND child_id = NEW.child_id
    );
END;
