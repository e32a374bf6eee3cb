-- A batch keeps what was expected of it. It is posted once, and only when its rows are as many and
-- come to as much as that, each with a payment of its amount; then neither it nor a row changes.

CREATE OR REPLACE FUNCTION refuse_gift_batches_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (
        NEW.id, NEW.public_id, NEW.method, NEW.fund_code, NEW.account_code, NEW.received_on,
        NEW.expected_count, NEW.expected_satang, NEW.sender_id, NEW.made_by, NEW.made_at,
        NEW.idempotency_key
    ) IS DISTINCT FROM (
        OLD.id, OLD.public_id, OLD.method, OLD.fund_code, OLD.account_code, OLD.received_on,
        OLD.expected_count, OLD.expected_satang, OLD.sender_id, OLD.made_by, OLD.made_at,
        OLD.idempotency_key
    )
    OR OLD.status <> 'open'
    THEN
        RAISE EXCEPTION 'the facts of a batch are frozen' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER gift_batches_frozen BEFORE UPDATE ON gift_batches
FOR EACH ROW EXECUTE FUNCTION refuse_gift_batches_change();

CREATE TRIGGER gift_batches_kept BEFORE DELETE ON gift_batches
FOR EACH ROW EXECUTE FUNCTION refuse_removal();

CREATE TRIGGER gift_batches_kept_whole BEFORE TRUNCATE ON gift_batches
FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal();

CREATE OR REPLACE FUNCTION begin_gift_batch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> 'open' THEN
        RAISE EXCEPTION 'a batch begins open' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER gift_batches_begin BEFORE INSERT ON gift_batches
FOR EACH ROW EXECUTE FUNCTION begin_gift_batch();

CREATE OR REPLACE FUNCTION require_gift_batch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'posted' AND (
        SELECT count(p.id) <> NEW.expected_count OR count(*) <> NEW.expected_count
            OR coalesce(sum(p.amount_satang), 0) <> NEW.expected_satang
        FROM gift_batch_rows r
        LEFT JOIN payments p ON p.id = r.payment_id AND p.amount_satang = r.amount_satang
        WHERE r.batch_id = NEW.id
    ) THEN
        RAISE EXCEPTION 'a batch is posted with what was expected of it'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER gift_batches_add_up BEFORE UPDATE ON gift_batches
FOR EACH ROW EXECUTE FUNCTION require_gift_batch();

CREATE OR REPLACE FUNCTION require_open_batch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    batch bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.batch_id ELSE OLD.batch_id END;
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM gift_batches WHERE id = batch AND status = 'open' FOR SHARE
    ) THEN
        RAISE EXCEPTION 'the rows of a batch stay when it is posted'
            USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.id, NEW.batch_id, NEW.position, NEW.amount_satang)
        IS DISTINCT FROM (OLD.id, OLD.batch_id, OLD.position, OLD.amount_satang)
    THEN
        RAISE EXCEPTION 'a row of a batch stays in its place' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER gift_batch_rows_join BEFORE INSERT OR DELETE OR UPDATE ON gift_batch_rows
FOR EACH ROW EXECUTE FUNCTION require_open_batch();

CREATE TRIGGER gift_batch_rows_no_truncate BEFORE TRUNCATE ON gift_batch_rows
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
