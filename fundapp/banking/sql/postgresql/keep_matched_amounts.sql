-- A line is matched exactly when its matches that count add up to it, and they never exceed it.
--
-- Each match that is written or undone changes the sum on its line, and with it the line's status: a
-- line with an undone match waits again. The CHECK matched_within_amount refuses more than the line.

CREATE OR REPLACE FUNCTION count_matches() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    counted bigint;
BEGIN
    -- The line first: whoever else matches it at this moment waits, and then counts this match too.
    PERFORM 1 FROM statement_lines WHERE id = NEW.line_id FOR UPDATE;
    SELECT coalesce(sum(m.amount_satang), 0) INTO counted FROM matches m
    WHERE m.line_id = NEW.line_id AND m.undone_at IS NULL;
    UPDATE statement_lines SET
        matched_satang = counted,
        status = CASE
            WHEN counted = deposit_satang + withdrawal_satang THEN 'matched'
            WHEN status = 'matched' THEN 'unmatched'
            ELSE status END
    WHERE id = NEW.line_id;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION require_matches() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_wrong boolean := NEW.status = 'matched' OR NEW.matched_satang <> 0;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT (NEW.status = 'matched')
                <> (NEW.matched_satang = NEW.deposit_satang + NEW.withdrawal_satang)
            OR (NEW.status = 'ignored' AND NEW.matched_satang > 0)
            OR NEW.matched_satang <> coalesce(sum(m.amount_satang), 0)
        INTO is_wrong FROM matches m WHERE m.line_id = NEW.id AND m.undone_at IS NULL;
    END IF;
    IF is_wrong THEN
        RAISE EXCEPTION 'a line is matched by its matches only' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER matches_counted AFTER INSERT OR UPDATE ON matches
FOR EACH ROW EXECUTE FUNCTION count_matches();

CREATE TRIGGER statement_lines_matched
BEFORE INSERT OR UPDATE OF status, matched_satang ON statement_lines
FOR EACH ROW EXECUTE FUNCTION require_matches();
