-- What was counted stays: a count is recorded, then confirmed or refused, once. It is confirmed only
-- when its notes and coins add up to its total, and a payment of that total in cash books it. A
-- donation box keeps its number and fund.

CREATE OR REPLACE FUNCTION refuse_cash_counts_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (
        NEW.id, NEW.public_id, NEW.kind, NEW.box_id, NEW.event_id, NEW.fund_code,
        NEW.account_code, NEW.counted_on, NEW.bag_number, NEW.total_satang, NEW.book_satang,
        NEW.difference, NEW.counted_by_id, NEW.counted_at, NEW.idempotency_key, NEW.form_digest
    ) IS DISTINCT FROM (
        OLD.id, OLD.public_id, OLD.kind, OLD.box_id, OLD.event_id, OLD.fund_code,
        OLD.account_code, OLD.counted_on, OLD.bag_number, OLD.total_satang, OLD.book_satang,
        OLD.difference, OLD.counted_by_id, OLD.counted_at, OLD.idempotency_key, OLD.form_digest
    )
    OR OLD.status <> 'counted'
    THEN
        RAISE EXCEPTION 'the facts of a count are frozen' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER cash_counts_frozen BEFORE UPDATE ON cash_counts
FOR EACH ROW EXECUTE FUNCTION refuse_cash_counts_change();

CREATE TRIGGER cash_counts_kept BEFORE DELETE ON cash_counts
FOR EACH ROW EXECUTE FUNCTION refuse_removal();

CREATE TRIGGER cash_counts_kept_whole BEFORE TRUNCATE ON cash_counts
FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal();

CREATE OR REPLACE FUNCTION begin_cash_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> 'counted' THEN
        RAISE EXCEPTION 'a count is confirmed by a second person'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER cash_counts_begin BEFORE INSERT ON cash_counts
FOR EACH ROW EXECUTE FUNCTION begin_cash_count();

CREATE OR REPLACE FUNCTION require_cash_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'confirmed' AND (
        (
            SELECT coalesce(sum(denomination_satang * pieces), 0) FROM cash_count_pieces
            WHERE count_id = NEW.id
        ) <> NEW.total_satang
        OR (NEW.kind <> 'office' AND NOT EXISTS (
            SELECT 1 FROM payments
            WHERE id = NEW.payment_id AND amount_satang = NEW.total_satang AND method = 'cash'
        ))
    ) THEN
        RAISE EXCEPTION 'notes, coins and payment add up to the count'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER cash_counts_add_up BEFORE UPDATE ON cash_counts
FOR EACH ROW EXECUTE FUNCTION require_cash_count();

CREATE TRIGGER cash_count_pieces_no_update BEFORE UPDATE ON cash_count_pieces
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER cash_count_pieces_no_delete BEFORE DELETE ON cash_count_pieces
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER cash_count_pieces_no_truncate BEFORE TRUNCATE ON cash_count_pieces
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE FUNCTION require_open_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM cash_counts WHERE id = NEW.count_id AND status = 'counted' FOR SHARE
    ) THEN
        RAISE EXCEPTION 'nothing joins a count that is confirmed'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER cash_count_pieces_join BEFORE INSERT ON cash_count_pieces
FOR EACH ROW EXECUTE FUNCTION require_open_count();

CREATE OR REPLACE FUNCTION refuse_donation_boxes_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (
        NEW.id, NEW.number, NEW.fund_code
    ) IS DISTINCT FROM (
        OLD.id, OLD.number, OLD.fund_code
    )
    THEN
        RAISE EXCEPTION 'a box keeps its number and fund' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER donation_boxes_frozen BEFORE UPDATE ON donation_boxes
FOR EACH ROW EXECUTE FUNCTION refuse_donation_boxes_change();

CREATE TRIGGER donation_boxes_kept BEFORE DELETE ON donation_boxes
FOR EACH ROW EXECUTE FUNCTION refuse_removal();

CREATE TRIGGER donation_boxes_kept_whole BEFORE TRUNCATE ON donation_boxes
FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal();
