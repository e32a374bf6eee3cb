-- INSERT OR REPLACE removes no row of these tables.
-- Why a trigger is needed: fundapp/ledger/sql/sqlite/refuse_replacing.sql.
--
-- There is none for receipt_counters: the program itself inserts with ON CONFLICT DO UPDATE there.

CREATE TRIGGER allocations_no_replace BEFORE INSERT ON allocations BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: allocations.payment_id, allocations.instalment_id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM allocations
        WHERE payment_id = NEW.payment_id AND instalment_id = NEW.instalment_id
    );
END;

CREATE TRIGGER designations_no_replace BEFORE INSERT ON designations BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: designations.payment_id, designations.fund_code (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM designations
        WHERE payment_id = NEW.payment_id AND fund_code = NEW.fund_code
    );
END;

CREATE TRIGGER payments_no_replace BEFORE INSERT ON payments BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: payments.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM payments WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: payments.public_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM payments WHERE public_id = NEW.public_id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: payments.journal_entry_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM payments WHERE journal_entry_id = NEW.journal_entry_id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: payments.reversal_entry_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM payments WHERE reversal_entry_id = NEW.reversal_entry_id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: payments.external_ref (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM payments
        WHERE external_ref = NEW.external_ref AND status = 'received'
    );
END;

CREATE TRIGGER receipts_no_replace BEFORE INSERT ON receipts BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: receipts.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM receipts WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: receipts.code (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM receipts WHERE code = NEW.code);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: receipts.fiscal_year, receipts.number (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM receipts
        WHERE fiscal_year = NEW.fiscal_year AND number = NEW.number
    );
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: receipts.payment_id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM receipts
        WHERE payment_id = NEW.payment_id AND voided_at IS NULL AND NEW.voided_at IS NULL
    );
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: receipts.replaces_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM receipts WHERE replaces_id = NEW.replaces_id);
END;

CREATE TRIGGER receipt_contents_no_replace BEFORE INSERT ON receipt_contents BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: receipt_contents.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM receipt_contents WHERE id = NEW.id);
END;

CREATE TRIGGER receipt_pdfs_no_replace BEFORE INSERT ON receipt_pdfs BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: receipt_pdfs.receipt_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM receipt_pdfs WHERE receipt_id = NEW.receipt_id);
END;

CREATE TRIGGER receipt_prints_no_replace BEFORE INSERT ON receipt_prints BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: receipt_prints (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM receipt_prints WHERE receipt_id = NEW.receipt_id AND number = NEW.number
    );
END;
