-- A slip begins as waiting and stays what was sent; it is confirmed only by a payment of its own pledge
-- that counts. None is removed.
--
-- The bank's reference is left free: it is encrypted again when keys rotate.

CREATE OR REPLACE FUNCTION keep_slips() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'waiting' THEN
            RAISE EXCEPTION 'a slip begins as waiting' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP <> 'UPDATE' OR (
        NEW.id, NEW.public_id, NEW.pledge_id, NEW.instalment_id, NEW.document_id,
        NEW.original_sha256, NEW.sending_bank, NEW.code_digest, NEW.sent_at
    ) IS DISTINCT FROM (
        OLD.id, OLD.public_id, OLD.pledge_id, OLD.instalment_id, OLD.document_id,
        OLD.original_sha256, OLD.sending_bank, OLD.code_digest, OLD.sent_at
    ) THEN
        RAISE EXCEPTION 'slips are kept as sent' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.status = 'confirmed' AND OLD.status <> 'confirmed' AND NOT EXISTS (
        SELECT 1 FROM payments
        WHERE id = NEW.payment_id AND pledge_id = NEW.pledge_id AND status = 'received'
    ) THEN
        RAISE EXCEPTION 'a slip is confirmed by a payment of its pledge'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.status = 'confirmed' AND OLD.status = 'confirmed'
    AND NEW.payment_id IS DISTINCT FROM OLD.payment_id THEN
        RAISE EXCEPTION 'a slip is confirmed by one payment' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER slips_begin_waiting BEFORE INSERT ON slips
FOR EACH ROW EXECUTE FUNCTION keep_slips();

CREATE TRIGGER slips_kept_update BEFORE UPDATE ON slips
FOR EACH ROW EXECUTE FUNCTION keep_slips();

CREATE TRIGGER slips_kept_delete BEFORE DELETE ON slips
FOR EACH ROW EXECUTE FUNCTION keep_slips();

CREATE TRIGGER slips_no_truncate BEFORE TRUNCATE ON slips
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
