-- The identity of a statement line never changes, and no line is removed. Its words and its balance
-- are those of files that count, as stated_lines keeps them. A matched line is not withdrawn, and a
-- withdrawn one comes back, to be matched, only when a file that counts states it.

CREATE OR REPLACE FUNCTION keep_statement_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_kept BOOLEAN := TG_OP <> 'DELETE';
BEGIN
    IF is_kept THEN
        is_kept := (
            NEW.id, NEW.public_id, NEW.bank_account_code, NEW.booked_on, NEW.withdrawal_satang,
            NEW.deposit_satang, NEW.ordinal
        ) IS NOT DISTINCT FROM (
            OLD.id, OLD.public_id, OLD.bank_account_code, OLD.booked_on, OLD.withdrawal_satang,
            OLD.deposit_satang, OLD.ordinal
        );
    END IF;
    IF is_kept AND (
        NEW.booked_time, NEW.description, NEW.detail, NEW.channel, NEW.balance_satang,
        NEW.statement_id, NEW.row_number
    ) IS DISTINCT FROM (
        OLD.booked_time, OLD.description, OLD.detail, OLD.channel, OLD.balance_satang,
        OLD.statement_id, OLD.row_number
    ) THEN
        SELECT coalesce(
            bool_or(r.booked_time = NEW.booked_time) AND bool_or(r.description = NEW.description)
            AND bool_or(r.detail = NEW.detail) AND bool_or(r.channel = NEW.channel)
            AND bool_or(r.balance_satang = NEW.balance_satang)
            AND bool_or(r.statement_id = NEW.statement_id AND r.row_number = NEW.row_number),
            false
        ) INTO is_kept
        FROM stated_lines r JOIN statements s ON s.id = r.statement_id
        WHERE r.line_id = NEW.id AND s.undone_at IS NULL;
    END IF;
    IF is_kept AND NEW.status <> OLD.status AND 'withdrawn' IN (NEW.status, OLD.status) THEN
        is_kept := OLD.status <> 'matched' AND NEW.status IN ('withdrawn', 'unmatched') AND (
            NEW.status = 'withdrawn' OR EXISTS (
                SELECT FROM stated_lines r JOIN statements s ON s.id = r.statement_id
                WHERE r.line_id = NEW.id AND s.undone_at IS NULL
            )
        );
    END IF;
    IF NOT is_kept THEN
        RAISE EXCEPTION 'statement_lines are kept as written' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER statement_lines_kept_update BEFORE UPDATE ON statement_lines
FOR EACH ROW EXECUTE FUNCTION keep_statement_lines();

CREATE TRIGGER statement_lines_kept_delete BEFORE DELETE ON statement_lines
FOR EACH ROW EXECUTE FUNCTION keep_statement_lines();
