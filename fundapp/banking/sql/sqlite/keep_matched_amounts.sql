-- A line is matched exactly when its matches that count add up to it, and they never exceed it.
--
-- Each match that is written or undone changes the sum on its line, and with it the line's status: a
-- line with an undone match waits again. The CHECK matched_within_amount refuses more than the line.

CREATE TRIGGER matches_counted AFTER INSERT ON matches
BEGIN
    UPDATE statement_lines SET (matched_satang, status) = (
        SELECT counted, CASE
            WHEN counted = deposit_satang + withdrawal_satang THEN 'matched'
            WHEN status = 'matched' THEN 'unmatched'
            ELSE status END
        FROM (
            SELECT coalesce(sum(m.amount_satang), 0) AS counted FROM matches m
            WHERE m.line_id = NEW.line_id AND m.undone_at IS NULL
        )
    ) WHERE id = NEW.line_id;
END;

CREATE TRIGGER matches_counted_anew AFTER UPDATE ON matches
BEGIN
    UPDATE statement_lines SET (matched_satang, status) = (
        SELECT counted, CASE
            WHEN counted = deposit_satang + withdrawal_satang THEN 'matched'
            WHEN status = 'matched' THEN 'unmatched'
            ELSE status END
        FROM (
            SELECT coalesce(sum(m.amount_satang), 0) AS counted FROM matches m
            WHERE m.line_id = NEW.line_id AND m.undone_at IS NULL
        )
    ) WHERE id = NEW.line_id;
END;

CREATE TRIGGER statement_lines_matched_insert BEFORE INSERT ON statement_lines
WHEN NEW.status = 'matched' OR NEW.matched_satang <> 0
BEGIN SELECT RAISE(ABORT, 'a line is matched by its matches only'); END;

CREATE TRIGGER statement_lines_matched_update BEFORE UPDATE OF status, matched_satang ON statement_lines
WHEN (NEW.status = 'matched')
    <> (NEW.matched_satang = NEW.deposit_satang + NEW.withdrawal_satang)
    OR (NEW.status = 'ignored' AND NEW.matched_satang > 0)
    OR NEW.matched_satang <> (
        SELECT coalesce(sum(m.amount_satang), 0) FROM matches m
        WHERE m.line_id = NEW.id AND m.undone_at IS NULL
    )
BEGIN SELECT RAISE(ABORT, 'a line is matched by its matches only'); END;
