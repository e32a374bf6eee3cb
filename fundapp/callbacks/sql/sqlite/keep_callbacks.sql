-- Rules of receipts rest on a confirmed proposal. A month is drawn after its end, by the rules of its
-- last day, as many as it states; who asked for a payment or made it does not call about it, and once
-- somebody was reached nobody calls again. All of it stays.

CREATE TRIGGER receipt_rules_confirmed BEFORE INSERT ON receipt_rules
WHEN NEW.starts_on < date(NEW.recorded_at, '+7 hours') OR NOT EXISTS (
    SELECT 1 FROM proposals WHERE id = NEW.proposal_id AND kind = 'receipt-rules'
        AND status = 'confirmed' AND decided_by_id = NEW.confirmed_by_id
)
BEGIN SELECT RAISE(ABORT, 'two people confirm rules of receipts, which begin today or later'); END;

CREATE TRIGGER callback_draws_after_month BEFORE INSERT ON callback_draws
WHEN NEW.month_on <> date(NEW.month_on, 'start of month')
    OR date(NEW.drawn_at, '+7 hours') < date(NEW.month_on, '+1 month')
    OR NEW.rules_id IS NOT (
        SELECT id FROM receipt_rules WHERE starts_on < date(NEW.month_on, '+1 month')
        ORDER BY starts_on DESC LIMIT 1
    )
    OR NEW.population_count <> (
        SELECT count(*) FROM payouts
        WHERE date(recorded_at, '+7 hours') >= NEW.month_on
            AND date(recorded_at, '+7 hours') < date(NEW.month_on, '+1 month')
    )
BEGIN SELECT RAISE(ABORT, 'a month is drawn after its end, by its rules and of all its payments'); END;

CREATE TRIGGER callbacks_of_draw BEFORE INSERT ON callbacks
WHEN NOT EXISTS (
    SELECT 1 FROM callback_draws AS d JOIN payouts AS p ON p.id = NEW.payout_id
    WHERE d.id = NEW.draw_id AND NEW.position <= d.drawn_count
        AND date(p.recorded_at, '+7 hours') >= d.month_on
        AND date(p.recorded_at, '+7 hours') < date(d.month_on, '+1 month')
)
BEGIN SELECT RAISE(ABORT, 'as many payments of the month are drawn as its draw states'); END;

CREATE TRIGGER callback_answers_by_another BEFORE INSERT ON callback_answers
WHEN NOT EXISTS (
    SELECT 1 FROM callbacks AS c JOIN payouts AS p ON p.id = c.payout_id
    WHERE c.id = NEW.callback_id AND NEW.called_by_id NOT IN (p.requested_by_id, p.payer_id)
        AND NEW.called_on >= p.paid_on
)
BEGIN SELECT RAISE(ABORT, 'who asked or paid does not call, and nobody before the payment'); END;

CREATE TRIGGER callback_answers_until_reached BEFORE INSERT ON callback_answers
WHEN EXISTS (
    SELECT 1 FROM callback_answers
    WHERE callback_id = NEW.callback_id AND outcome <> 'unreached' AND id <> NEW.id
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: callback_answers (somebody was reached)'); END;

CREATE TRIGGER receipt_rules_no_update BEFORE UPDATE ON receipt_rules
BEGIN SELECT RAISE(ABORT, 'receipt_rules is append-only'); END;

CREATE TRIGGER receipt_rules_no_delete BEFORE DELETE ON receipt_rules
BEGIN SELECT RAISE(ABORT, 'receipt_rules is append-only'); END;

CREATE TRIGGER callback_draws_no_update BEFORE UPDATE ON callback_draws
BEGIN SELECT RAISE(ABORT, 'callback_draws is append-only'); END;

CREATE TRIGGER callback_draws_no_delete BEFORE DELETE ON callback_draws
BEGIN SELECT RAISE(ABORT, 'callback_draws is append-only'); END;

CREATE TRIGGER callbacks_no_update BEFORE UPDATE ON callbacks
BEGIN SELECT RAISE(ABORT, 'callbacks is append-only'); END;

CREATE TRIGGER callbacks_no_delete BEFORE DELETE ON callbacks
BEGIN SELECT RAISE(ABORT, 'callbacks is append-only'); END;

CREATE TRIGGER callback_answers_no_update BEFORE UPDATE ON callback_answers
BEGIN SELECT RAISE(ABORT, 'callback_answers is append-only'); END;

CREATE TRIGGER callback_answers_no_delete BEFORE DELETE ON callback_answers
BEGIN SELECT RAISE(ABORT, 'callback_answers is append-only'); END;

CREATE TRIGGER proof_reminders_no_update BEFORE UPDATE ON proof_reminders
BEGIN SELECT RAISE(ABORT, 'proof_reminders is append-only'); END;

CREATE TRIGGER proof_reminders_no_delete BEFORE DELETE ON proof_reminders
BEGIN SELECT RAISE(ABORT, 'proof_reminders is append-only'); END;
