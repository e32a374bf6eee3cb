-- What the card processor told and moved is kept as it was; a movement becomes part of a payout once.
-- What was ordered of a refund stays, and one that is over stays over.

CREATE TRIGGER processor_notices_no_update BEFORE UPDATE ON processor_notices
BEGIN SELECT RAISE(ABORT, 'processor_notices is append-only'); END;

CREATE TRIGGER processor_notices_no_delete BEFORE DELETE ON processor_notices
BEGIN SELECT RAISE(ABORT, 'processor_notices is append-only'); END;

CREATE TRIGGER handled_notices_no_update BEFORE UPDATE ON handled_notices
BEGIN SELECT RAISE(ABORT, 'handled_notices is append-only'); END;

CREATE TRIGGER handled_notices_no_delete BEFORE DELETE ON handled_notices
BEGIN SELECT RAISE(ABORT, 'handled_notices is append-only'); END;

CREATE TRIGGER processor_payouts_no_update BEFORE UPDATE ON processor_payouts
BEGIN SELECT RAISE(ABORT, 'processor_payouts is append-only'); END;

CREATE TRIGGER processor_payouts_no_delete BEFORE DELETE ON processor_payouts
BEGIN SELECT RAISE(ABORT, 'processor_payouts is append-only'); END;

CREATE TRIGGER processor_movements_frozen BEFORE UPDATE ON processor_movements
WHEN OLD.payout_id IS NOT NULL OR (
    NEW.movement_id, NEW.kind, NEW.intent_id, NEW.fund_code, NEW.amount_satang, NEW.fee_satang,
    NEW.payment_id, NEW.fee_entry_id, NEW.happened_at
) IS NOT (
    OLD.movement_id, OLD.kind, OLD.intent_id, OLD.fund_code, OLD.amount_satang, OLD.fee_satang,
    OLD.payment_id, OLD.fee_entry_id, OLD.happened_at
)
BEGIN SELECT RAISE(ABORT, 'a movement at the processor is frozen'); END;

CREATE TRIGGER processor_movements_kept BEFORE DELETE ON processor_movements
BEGIN SELECT RAISE(ABORT, 'movements at the processor are kept for ever'); END;

CREATE TRIGGER processor_movements_no_replace BEFORE INSERT ON processor_movements BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: processor_movements.movement_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM processor_movements WHERE movement_id = NEW.movement_id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: processor_movements.intent_id (no row is replaced)')
    WHERE NEW.kind = 'charge' AND EXISTS (
        SELECT 1 FROM processor_movements WHERE intent_id = NEW.intent_id AND kind = 'charge'
    );
END;

CREATE TRIGGER processor_payouts_no_replace BEFORE INSERT ON processor_payouts BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: processor_payouts.payout_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM processor_payouts WHERE payout_id = NEW.payout_id);
END;

CREATE TRIGGER processor_notices_no_replace BEFORE INSERT ON processor_notices BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: processor_notices.notice_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM processor_notices WHERE notice_id = NEW.notice_id);
END;

CREATE TRIGGER handled_notices_no_replace BEFORE INSERT ON handled_notices BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: handled_notices.notice_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM handled_notices WHERE notice_id = NEW.notice_id);
END;

CREATE TRIGGER refund_orders_frozen BEFORE UPDATE ON refund_orders
WHEN (
    NEW.id, NEW.public_id, NEW.payment_id, NEW.intent_id, NEW.amount_satang, NEW.ordered_by,
    NEW.ordered_at
) IS NOT (
    OLD.id, OLD.public_id, OLD.payment_id, OLD.intent_id, OLD.amount_satang, OLD.ordered_by,
    OLD.ordered_at
)
OR (OLD.refund_id IS NOT NULL AND NEW.refund_id IS NOT OLD.refund_id)
OR (NEW.status = 'ordered' AND OLD.status <> 'ordered')
BEGIN SELECT RAISE(ABORT, 'what was ordered of a refund is frozen'); END;

CREATE TRIGGER refund_orders_kept BEFORE DELETE ON refund_orders
BEGIN SELECT RAISE(ABORT, 'refund orders are kept for ever'); END;

CREATE TRIGGER refund_orders_no_replace BEFORE INSERT ON refund_orders BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: refund_orders.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM refund_orders WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: refund_orders.public_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM refund_orders WHERE public_id = NEW.public_id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: refund_orders.intent_id (no row is replaced)')
    WHERE NEW.status IN ('ordered', 'waiting') AND EXISTS (
        SELECT 1 FROM refund_orders
        WHERE intent_id = NEW.intent_id AND status IN ('ordered', 'waiting')
    );
END;
