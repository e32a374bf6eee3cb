-- What was asked, confirmed, verified and paid of a refund stays. A wish is decided once; an account is
-- verified once; a refund is cancelled once; a payment is undone once, when the bank sent it back.

CREATE TRIGGER refund_requests_frozen BEFORE UPDATE ON refund_requests
WHEN OLD.status <> 'open' OR (
    NEW.id, NEW.public_id, NEW.payment_id, NEW.amount_satang, NEW.way, NEW.asked_at
) IS NOT (OLD.id, OLD.public_id, OLD.payment_id, OLD.amount_satang, OLD.way, OLD.asked_at)
BEGIN SELECT RAISE(ABORT, 'what was asked of a refund is frozen'); END;

CREATE TRIGGER refund_requests_kept BEFORE DELETE ON refund_requests
BEGIN SELECT RAISE(ABORT, 'wishes to have a gift back are kept for ever'); END;

CREATE TRIGGER refund_requests_no_replace BEFORE INSERT ON refund_requests BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: refund_requests.id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM refund_requests WHERE id = NEW.id OR public_id = NEW.public_id
    );
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: refund_requests.payment_id (no row is replaced)')
    WHERE NEW.status = 'open' AND EXISTS (
        SELECT 1 FROM refund_requests WHERE payment_id = NEW.payment_id AND status = 'open'
    );
END;

CREATE TRIGGER office_refunds_frozen BEFORE UPDATE ON office_refunds
WHEN OLD.cancelled_for IS NOT NULL OR (
    NEW.order_id, NEW.way, NEW.asked_by, NEW.approved_by, NEW.kept_id
) IS NOT (OLD.order_id, OLD.way, OLD.asked_by, OLD.approved_by, OLD.kept_id)
OR EXISTS (
    SELECT 1 FROM refund_payments WHERE order_id = OLD.order_id AND undone_entry_id IS NULL
)
BEGIN SELECT RAISE(ABORT, 'a confirmed refund is frozen'); END;

CREATE TRIGGER office_refunds_kept BEFORE DELETE ON office_refunds
BEGIN SELECT RAISE(ABORT, 'confirmed refunds are kept for ever'); END;

CREATE TRIGGER office_refunds_no_replace BEFORE INSERT ON office_refunds
WHEN EXISTS (SELECT 1 FROM office_refunds WHERE order_id = NEW.order_id)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: office_refunds.order_id (no row is replaced)'); END;

CREATE TRIGGER refund_accounts_frozen BEFORE UPDATE ON refund_accounts
WHEN (NEW.id, NEW.order_id, NEW.entered_by, NEW.entered_at)
    IS NOT (OLD.id, OLD.order_id, OLD.entered_by, OLD.entered_at)
OR (
    OLD.verified_by IS NOT NULL
    AND (NEW.verified_by, NEW.verified_at) IS NOT (OLD.verified_by, OLD.verified_at)
)
BEGIN SELECT RAISE(ABORT, 'the account of a refund is frozen'); END;

CREATE TRIGGER refund_accounts_kept BEFORE DELETE ON refund_accounts
BEGIN SELECT RAISE(ABORT, 'accounts of refunds are kept for ever'); END;

CREATE TRIGGER refund_accounts_no_replace BEFORE INSERT ON refund_accounts
WHEN EXISTS (SELECT 1 FROM refund_accounts WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: refund_accounts.id (no row is replaced)'); END;

CREATE TRIGGER refund_payments_frozen BEFORE UPDATE ON refund_payments
WHEN OLD.undone_entry_id IS NOT NULL OR (
    NEW.id, NEW.voucher, NEW.order_id, NEW.way, NEW.account_id, NEW.verified_by, NEW.approved_by,
    NEW.paid_by, NEW.amount_satang, NEW.account_code, NEW.paid_on, NEW.journal_entry_id,
    NEW.recorded_at
) IS NOT (
    OLD.id, OLD.voucher, OLD.order_id, OLD.way, OLD.account_id, OLD.verified_by, OLD.approved_by,
    OLD.paid_by, OLD.amount_satang, OLD.account_code, OLD.paid_on, OLD.journal_entry_id,
    OLD.recorded_at
)
BEGIN SELECT RAISE(ABORT, 'a refund that was paid is frozen'); END;

CREATE TRIGGER refund_payments_kept BEFORE DELETE ON refund_payments
BEGIN SELECT RAISE(ABORT, 'payments of refunds are kept for ever'); END;

CREATE TRIGGER refund_payments_as_ordered BEFORE INSERT ON refund_payments BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: refund_payments.id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM refund_payments
        WHERE id = NEW.id OR voucher = NEW.voucher OR journal_entry_id = NEW.journal_entry_id
            OR undone_entry_id = NEW.undone_entry_id
    );
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: refund_payments.order_id (no row is replaced)')
    WHERE NEW.undone_entry_id IS NULL AND EXISTS (
        SELECT 1 FROM refund_payments WHERE order_id = NEW.order_id AND undone_entry_id IS NULL
    );
    SELECT RAISE(ABORT, 'a refund pays what was confirmed, and is not cancelled')
    WHERE NOT EXISTS (
        SELECT 1 FROM refund_orders o JOIN office_refunds r ON r.order_id = o.id
        WHERE o.id = NEW.order_id AND o.amount_satang = NEW.amount_satang AND r.way = NEW.way
            AND r.cancelled_for IS NULL
    );
END;
