-- What the bank said on a statement line never changes, and no line is removed. What we made of the
-- line, its status and the reason for it, changes.

CREATE OR REPLACE FUNCTION keep_statement_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'statement_lines are kept as written' USING ERRCODE = 'check_violation';
    ELSIF (
        NEW.id, NEW.public_id, NEW.statement_id, NEW.bank_account_code, NEW.fingerprint,
        NEW.row_number, NEW.booked_on, NEW.booked_time, NEW.description, NEW.detail,
        NEW.channel, NEW.withdrawal_satang, NEW.deposit_satang, NEW.balance_satang
    ) IS DISTINCT FROM (
        OLD.id, OLD.public_id, OLD.statement_id, OLD.bank_account_code, OLD.fingerprint,
        OLD.row_number, OLD.booked_on, OLD.booked_time, OLD.description, OLD.detail,
        OLD.channel, OLD.withdrawal_satang, OLD.deposit_satang, OLD.balance_satang
    ) THEN
        RAISE EXCEPTION 'statement_lines are kept as written' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER statement_lines_kept_update BEFORE UPDATE ON statement_lines
FOR EACH ROW EXECUTE FUNCTION keep_statement_lines();

CREATE TRIGGER statement_lines_kept_delete BEFORE DELETE ON statement_lines
FOR EACH ROW EXECUTE FUNCTION keep_statement_lines();
