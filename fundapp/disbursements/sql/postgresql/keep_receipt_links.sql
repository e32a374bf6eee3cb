-- A link on a voucher stays as it was printed and ends once. It is answered once, in time, while it
-- is open and after the payment of its own approval; the answer stays, but for its words, which can
-- be erased.

CREATE OR REPLACE FUNCTION keep_receipt_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL OR (
        NEW.id, NEW.request_id, NEW.requested_by_id, NEW.token_sha256, NEW.printed_by_id,
        NEW.printed_at, NEW.expires_at
    ) IS DISTINCT FROM (
        OLD.id, OLD.request_id, OLD.requested_by_id, OLD.token_sha256, OLD.printed_by_id,
        OLD.printed_at, OLD.expires_at
    ) THEN
        RAISE EXCEPTION 'a link stays as it was printed and ends once'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION require_open_receipt_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM receipt_links
    WHERE id = NEW.id AND ended_at IS NULL AND NEW.confirmed_at <= expires_at FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the link cannot be answered' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM receipt_links AS l JOIN approvals AS a ON a.request_id = l.request_id
        WHERE l.id = NEW.id AND a.decision = 'approve' AND a.decided_at > l.printed_at
    ) THEN
        RAISE EXCEPTION 'the link is on the voucher of an earlier payment'
            USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM payouts AS p WHERE p.request_id = NEW.request_id
        AND NOT EXISTS (SELECT 1 FROM payout_returns WHERE payout_id = p.id);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'nothing was paid yet' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION keep_receipt_confirmation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.id, NEW.request_id, NEW.outcome, NEW.confirmed_at)
        IS DISTINCT FROM (OLD.id, OLD.request_id, OLD.outcome, OLD.confirmed_at) THEN
        RAISE EXCEPTION 'an answer stays as it was given' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER receipt_links_stay BEFORE DELETE OR UPDATE ON receipt_links
FOR EACH ROW EXECUTE FUNCTION keep_receipt_link();

CREATE TRIGGER receipt_confirmations_in_time BEFORE INSERT ON receipt_confirmations
FOR EACH ROW EXECUTE FUNCTION require_open_receipt_link();

CREATE TRIGGER receipt_confirmations_stay BEFORE DELETE OR UPDATE ON receipt_confirmations
FOR EACH ROW EXECUTE FUNCTION keep_receipt_confirmation();

CREATE TRIGGER receipt_links_no_truncate BEFORE TRUNCATE ON receipt_links
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER receipt_confirmations_no_truncate BEFORE TRUNCATE ON receipt_confirmations
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
