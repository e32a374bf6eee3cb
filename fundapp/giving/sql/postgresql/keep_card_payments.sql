-- What the card processor told and moved is kept as it was; a movement becomes part of a payout once.
-- What was ordered of a refund stays, and one that is over stays over.
-- The function is in fundapp/db/sql/postgresql/refuse_change.sql.

CREATE TRIGGER processor_notices_no_update BEFORE UPDATE ON processor_notices
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER processor_notices_no_delete BEFORE DELETE ON processor_notices
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER processor_notices_no_truncate BEFORE TRUNCATE ON processor_notices
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER handled_notices_no_update BEFORE UPDATE ON handled_notices
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER handled_notices_no_delete BEFORE DELETE ON handled_notices
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER handled_notices_no_truncate BEFORE TRUNCATE ON handled_notices
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER processor_payouts_no_update BEFORE UPDATE ON processor_payouts
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER processor_payouts_no_delete BEFORE DELETE ON processor_payouts
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER processor_payouts_no_truncate BEFORE TRUNCATE ON processor_payouts
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE FUNCTION keep_processor_movements() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.payout_id IS NOT NULL OR (
        NEW.movement_id, NEW.kind, NEW.intent_id, NEW.fund_code, NEW.amount_satang, NEW.fee_satang,
        NEW.payment_id, NEW.fee_entry_id, NEW.happened_at
    ) IS DISTINCT FROM (
        OLD.movement_id, OLD.kind, OLD.intent_id, OLD.fund_code, OLD.amount_satang, OLD.fee_satang,
        OLD.payment_id, OLD.fee_entry_id, OLD.happened_at
    ) THEN
        RAISE EXCEPTION 'a movement at the processor is frozen' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER processor_movements_frozen BEFORE UPDATE ON processor_movements
FOR EACH ROW EXECUTE FUNCTION keep_processor_movements();

CREATE TRIGGER processor_movements_kept BEFORE DELETE ON processor_movements
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER processor_movements_no_truncate BEFORE TRUNCATE ON processor_movements
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE FUNCTION keep_refund_orders() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (
        NEW.id, NEW.public_id, NEW.payment_id, NEW.intent_id, NEW.amount_satang, NEW.ordered_by,
        NEW.ordered_at
    ) IS DISTINCT FROM (
        OLD.id, OLD.public_id, OLD.payment_id, OLD.intent_id, OLD.amount_satang, OLD.ordered_by,
        OLD.ordered_at
    )
    OR (OLD.refund_id IS NOT NULL AND NEW.refund_id IS DISTINCT FROM OLD.refund_id)
    OR (NEW.status = 'ordered' AND OLD.status <> 'ordered') THEN
        RAISE EXCEPTION 'what was ordered of a refund is frozen' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER refund_orders_frozen BEFORE UPDATE ON refund_orders
FOR EACH ROW EXECUTE FUNCTION keep_refund_orders();

CREATE TRIGGER refund_orders_kept BEFORE DELETE ON refund_orders
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER refund_orders_no_truncate BEFORE TRUNCATE ON refund_orders
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
