-- What the bank said on a statement line never changes, and no line is removed. What we made of the
-- line, its status and the reason for it, changes.

CREATE TRIGGER statement_lines_kept_update BEFORE UPDATE ON statement_lines
WHEN (
    NEW.id, NEW.public_id, NEW.statement_id, NEW.bank_account_code, NEW.fingerprint,
    NEW.row_number, NEW.booked_on, NEW.booked_time, NEW.description, NEW.detail, NEW.channel,
    NEW.withdrawal_satang, NEW.deposit_satang, NEW.balance_satang
) IS NOT (
    OLD.id, OLD.public_id, OLD.statement_id, OLD.bank_account_code, OLD.fingerprint,
    OLD.row_number, OLD.booked_on, OLD.booked_time, OLD.description, OLD.detail, OLD.channel,
    OLD.withdrawal_satang, OLD.deposit_satang, OLD.balance_satang
)
BEGIN SELECT RAISE(ABORT, 'statement_lines are kept as written'); END;

CREATE TRIGGER statement_lines_kept_delete BEFORE DELETE ON statement_lines
BEGIN SELECT RAISE(ABORT, 'statement_lines are kept as written'); END;
