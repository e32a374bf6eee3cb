-- The identity of a statement line never changes, and no line is removed. Its words and its balance
-- are those of files that count, as stated_lines keeps them. A matched line is not withdrawn, and a
-- withdrawn one comes back, to be matched, only when a file that counts states it.

CREATE TRIGGER statement_lines_kept_update BEFORE UPDATE ON statement_lines
WHEN (
    NEW.id, NEW.public_id, NEW.bank_account_code, NEW.booked_on, NEW.withdrawal_satang,
    NEW.deposit_satang, NEW.ordinal
) IS NOT (
    OLD.id, OLD.public_id, OLD.bank_account_code, OLD.booked_on, OLD.withdrawal_satang,
    OLD.deposit_satang, OLD.ordinal
)
BEGIN SELECT RAISE(ABORT, 'statement_lines are kept as written'); END;

CREATE TRIGGER statement_lines_kept_words BEFORE UPDATE ON statement_lines
WHEN (
    NEW.booked_time, NEW.description, NEW.detail, NEW.channel, NEW.balance_satang,
    NEW.statement_id, NEW.row_number
) IS NOT (
    OLD.booked_time, OLD.description, OLD.detail, OLD.channel, OLD.balance_satang,
    OLD.statement_id, OLD.row_number
)
BEGIN
    SELECT RAISE(ABORT, 'statement_lines are kept as written')
    WHERE NOT EXISTS (
        SELECT 1 FROM (
            SELECT
                max(r.booked_time = NEW.booked_time) AS has_time,
                max(r.description = NEW.description) AS has_description,
                max(r.detail = NEW.detail) AS has_detail,
                max(r.channel = NEW.channel) AS has_channel,
                max(r.balance_satang = NEW.balance_satang) AS has_balance,
                max(r.statement_id = NEW.statement_id AND r.row_number = NEW.row_number) AS has_row
            FROM stated_lines r JOIN statements s ON s.id = r.statement_id
            WHERE r.line_id = NEW.id AND s.undone_at IS NULL
        ) WHERE has_time AND has_description AND has_detail AND has_channel AND has_balance
            AND has_row
    );
END;

CREATE TRIGGER statement_lines_kept_status BEFORE UPDATE ON statement_lines
WHEN NEW.status IS NOT OLD.status AND 'withdrawn' IN (NEW.status, OLD.status) AND (
    OLD.status = 'matched'
    OR NEW.status NOT IN ('withdrawn', 'unmatched')
    OR (NEW.status = 'unmatched' AND NOT EXISTS (
        SELECT 1 FROM stated_lines r JOIN statements s ON s.id = r.statement_id
        WHERE r.line_id = NEW.id AND s.undone_at IS NULL
    ))
)
BEGIN SELECT RAISE(ABORT, 'statement_lines are kept as written'); END;

CREATE TRIGGER statement_lines_kept_delete BEFORE DELETE ON statement_lines
BEGIN SELECT RAISE(ABORT, 'statement_lines are kept as written'); END;
