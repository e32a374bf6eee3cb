-- Rules of receipts rest on a confirmed proposal. A month is drawn after its end, by the rules of its
-- last day, as many as it states; who asked for a payment or made it does not call about it, and once
-- somebody was reached nobody calls again. All of it stays.
-- The function refuse_change is in fundapp/db/sql/postgresql/refuse_change.sql.

CREATE OR REPLACE FUNCTION require_confirmed_receipt_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.starts_on < (NEW.recorded_at AT TIME ZONE 'Asia/Bangkok')::date OR NOT EXISTS (
        SELECT 1 FROM proposals WHERE id = NEW.proposal_id AND kind = 'receipt-rules'
            AND status = 'confirmed' AND decided_by_id = NEW.confirmed_by_id
    ) THEN
        RAISE EXCEPTION 'two people confirm rules of receipts, which begin today or later'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION require_month_drawn_after() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    month_end CONSTANT date := (NEW.month_on + interval '1 month')::date;
BEGIN
    IF NEW.month_on <> date_trunc('month', NEW.month_on)::date
        OR (NEW.drawn_at AT TIME ZONE 'Asia/Bangkok')::date < month_end
        OR NEW.rules_id IS DISTINCT FROM (
            SELECT id FROM receipt_rules WHERE starts_on < month_end
            ORDER BY starts_on DESC LIMIT 1
        )
        OR NEW.population_count <> (
            SELECT count(*) FROM payouts
            WHERE recorded_at >= NEW.month_on::timestamp AT TIME ZONE 'Asia/Bangkok'
                AND recorded_at < month_end::timestamp AT TIME ZONE 'Asia/Bangkok'
        )
    THEN
        RAISE EXCEPTION 'a month is drawn after its end, by its rules and of all its payments'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION require_payment_of_draw() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM callback_draws AS d JOIN payouts AS p ON p.id = NEW.payout_id
        WHERE d.id = NEW.draw_id AND NEW.position <= d.drawn_count
            AND p.recorded_at >= d.month_on::timestamp AT TIME ZONE 'Asia/Bangkok'
            AND p.recorded_at
                < (d.month_on + interval '1 month') AT TIME ZONE 'Asia/Bangkok'
    ) THEN
        RAISE EXCEPTION 'as many payments of the month are drawn as its draw states'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION require_other_caller() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM callbacks AS c JOIN payouts AS p ON p.id = c.payout_id
        WHERE c.id = NEW.callback_id AND NEW.called_by_id NOT IN (p.requested_by_id, p.payer_id)
            AND NEW.called_on >= p.paid_on
    ) THEN
        RAISE EXCEPTION 'who asked or paid does not call, and nobody before the payment'
            USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM callback_answers
        WHERE callback_id = NEW.callback_id AND outcome <> 'unreached'
    ) THEN
        RAISE EXCEPTION 'somebody was reached' USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER receipt_rules_confirmed BEFORE INSERT ON receipt_rules
FOR EACH ROW EXECUTE FUNCTION require_confirmed_receipt_rules();

CREATE TRIGGER callback_draws_after_month BEFORE INSERT ON callback_draws
FOR EACH ROW EXECUTE FUNCTION require_month_drawn_after();

CREATE TRIGGER callbacks_of_draw BEFORE INSERT ON callbacks
FOR EACH ROW EXECUTE FUNCTION require_payment_of_draw();

CREATE TRIGGER callback_answers_by_another BEFORE INSERT ON callback_answers
FOR EACH ROW EXECUTE FUNCTION require_other_caller();

CREATE TRIGGER receipt_rules_no_update BEFORE UPDATE ON receipt_rules
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER receipt_rules_no_delete BEFORE DELETE ON receipt_rules
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER receipt_rules_no_truncate BEFORE TRUNCATE ON receipt_rules
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER callback_draws_no_update BEFORE UPDATE ON callback_draws
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER callback_draws_no_delete BEFORE DELETE ON callback_draws
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER callback_draws_no_truncate BEFORE TRUNCATE ON callback_draws
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER callbacks_no_update BEFORE UPDATE ON callbacks
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER callbacks_no_delete BEFORE DELETE ON callbacks
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER callbacks_no_truncate BEFORE TRUNCATE ON callbacks
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER callback_answers_no_update BEFORE UPDATE ON callback_answers
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER callback_answers_no_delete BEFORE DELETE ON callback_answers
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER callback_answers_no_truncate BEFORE TRUNCATE ON callback_answers
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER proof_reminders_no_update BEFORE UPDATE ON proof_reminders
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER proof_reminders_no_delete BEFORE DELETE ON proof_reminders
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER proof_reminders_no_truncate BEFORE TRUNCATE ON proof_reminders
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
