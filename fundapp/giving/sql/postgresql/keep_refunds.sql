-- What was asked, confirmed, verified and paid of a refund stays. A wish is decided once; an account is
-- verified once; a refund is cancelled once; a payment is undone once, when the bank sent it back.

CREATE OR REPLACE FUNCTION keep_refund_requests() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'open' OR (
        NEW.id, NEW.public_id, NEW.payment_id, NEW.amount_satang, NEW.way, NEW.asked_at
    ) IS DISTINCT FROM (
        OLD.id, OLD.public_id, OLD.payment_id, OLD.amount_satang, OLD.way, OLD.asked_at
    ) THEN
        RAISE EXCEPTION 'what was asked of a refund is frozen' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER refund_requests_frozen BEFORE UPDATE ON refund_requests
FOR EACH ROW EXECUTE FUNCTION keep_refund_requests();

CREATE TRIGGER refund_requests_kept BEFORE DELETE ON refund_requests
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER refund_requests_no_truncate BEFORE TRUNCATE ON refund_requests
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE FUNCTION keep_office_refunds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM refund_orders WHERE id = OLD.order_id FOR UPDATE;
    IF OLD.cancelled_for IS NOT NULL OR (
        NEW.order_id, NEW.way, NEW.asked_by, NEW.approved_by, NEW.kept_id
    ) IS DISTINCT FROM (
        OLD.order_id, OLD.way, OLD.asked_by, OLD.approved_by, OLD.kept_id
    ) OR EXISTS (
        SELECT 1 FROM refund_payments WHERE order_id = OLD.order_id AND undone_entry_id IS NULL
    ) THEN
        RAISE EXCEPTION 'a confirmed refund is frozen' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER office_refunds_frozen BEFORE UPDATE ON office_refunds
FOR EACH ROW EXECUTE FUNCTION keep_office_refunds();

CREATE TRIGGER office_refunds_kept BEFORE DELETE ON office_refunds
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER office_refunds_no_truncate BEFORE TRUNCATE ON office_refunds
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE FUNCTION keep_refund_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.order_id, NEW.entered_by, NEW.entered_at)
        IS DISTINCT FROM (OLD.id, OLD.order_id, OLD.entered_by, OLD.entered_at)
    OR (
        OLD.verified_by IS NOT NULL
        AND (NEW.verified_by, NEW.verified_at)
            IS DISTINCT FROM (OLD.verified_by, OLD.verified_at)
    ) THEN
        RAISE EXCEPTION 'the account of a refund is frozen' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER refund_accounts_frozen BEFORE UPDATE ON refund_accounts
FOR EACH ROW EXECUTE FUNCTION keep_refund_accounts();

CREATE TRIGGER refund_accounts_kept BEFORE DELETE ON refund_accounts
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER refund_accounts_no_truncate BEFORE TRUNCATE ON refund_accounts
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE FUNCTION keep_refund_payments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.undone_entry_id IS NOT NULL OR (
        NEW.id, NEW.voucher, NEW.order_id, NEW.way, NEW.account_id, NEW.verified_by,
        NEW.approved_by, NEW.paid_by, NEW.amount_satang, NEW.account_code, NEW.paid_on,
        NEW.journal_entry_id, NEW.recorded_at
    ) IS DISTINCT FROM (
        OLD.id, OLD.voucher, OLD.order_id, OLD.way, OLD.account_id, OLD.verified_by,
        OLD.approved_by, OLD.paid_by, OLD.amount_satang, OLD.account_code, OLD.paid_on,
        OLD.journal_entry_id, OLD.recorded_at
    ) THEN
        RAISE EXCEPTION 'a refund that was paid is frozen' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER refund_payments_frozen BEFORE UPDATE ON refund_payments
FOR EACH ROW EXECUTE FUNCTION keep_refund_payments();

CREATE TRIGGER refund_payments_kept BEFORE DELETE ON refund_payments
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER refund_payments_no_truncate BEFORE TRUNCATE ON refund_payments
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE FUNCTION keep_refund_as_ordered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM refund_orders WHERE id = NEW.order_id FOR UPDATE;
    IF NOT EXISTS (
        SELECT 1 FROM refund_orders o JOIN office_refunds r ON r.order_id = o.id
        WHERE o.id = NEW.order_id AND o.amount_satang = NEW.amount_satang AND r.way = NEW.way
            AND r.cancelled_for IS NULL
    ) THEN
        RAISE EXCEPTION 'a refund pays what was confirmed, and is not cancelled'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER refund_payments_as_ordered BEFORE INSERT ON refund_payments
FOR EACH ROW EXECUTE FUNCTION keep_refund_as_ordered();
