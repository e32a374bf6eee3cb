-- INSERT OR REPLACE removes no row; see fundapp/ledger/sql/sqlite/refuse_replacing.sql.

CREATE TRIGGER receipt_rules_no_replace BEFORE INSERT ON receipt_rules
WHEN EXISTS (
    SELECT 1 FROM receipt_rules WHERE id = NEW.id OR starts_on = NEW.starts_on OR proposal_id = NEW.proposal_id
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: receipt_rules (no row is replaced)'); END;

CREATE TRIGGER callback_draws_no_replace BEFORE INSERT ON callback_draws
WHEN EXISTS (
    SELECT 1 FROM callback_draws WHERE id = NEW.id OR month_on = NEW.month_on
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: callback_draws (no row is replaced)'); END;

CREATE TRIGGER callbacks_no_replace BEFORE INSERT ON callbacks
WHEN EXISTS (
    SELECT 1 FROM callbacks WHERE id = NEW.id OR payout_id = NEW.payout_id
        OR draw_id = NEW.draw_id AND position = NEW.position
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: callbacks (no row is replaced)'); END;

CREATE TRIGGER callback_answers_no_replace BEFORE INSERT ON callback_answers
WHEN EXISTS (
    SELECT 1 FROM callback_answers WHERE id = NEW.id OR idempotency_key = NEW.idempotency_key OR concern_id = NEW.concern_id
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: callback_answers (no row is replaced)'); END;

CREATE TRIGGER proof_reminders_no_replace BEFORE INSERT ON proof_reminders
WHEN EXISTS (
    SELECT 1 FROM proof_reminders WHERE user_id = NEW.user_id AND week_on = NEW.week_on
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: proof_reminders (no row is replaced)'); END;
