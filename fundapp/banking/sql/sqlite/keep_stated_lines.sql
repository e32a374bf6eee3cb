-- What a file said of a line is never changed or removed. Its words are encrypted, and encrypted
-- again when keys rotate; they go exactly when the words of the line are erased, and those of a file
-- that is imported later are not kept at all.

CREATE TRIGGER stated_lines_kept_update BEFORE UPDATE ON stated_lines
WHEN (
    NEW.statement_id, NEW.row_number, NEW.id, NEW.line_id, NEW.position, NEW.booked_time,
    NEW.description_digest, NEW.detail_digest, NEW.channel_digest, NEW.balance_satang
) IS NOT (
    OLD.statement_id, OLD.row_number, OLD.id, OLD.line_id, OLD.position, OLD.booked_time,
    OLD.description_digest, OLD.detail_digest, OLD.channel_digest, OLD.balance_satang
)
BEGIN SELECT RAISE(ABORT, 'stated_lines are kept as written'); END;

CREATE TRIGGER stated_lines_erased_update BEFORE UPDATE ON stated_lines
WHEN (NEW.words_encrypted IS NULL) IS NOT (
    SELECT erased_at IS NOT NULL FROM statement_lines WHERE id = NEW.line_id
)
BEGIN SELECT RAISE(ABORT, 'stated_lines are erased with their line'); END;

CREATE TRIGGER stated_lines_erased_insert BEFORE INSERT ON stated_lines
WHEN (NEW.words_encrypted IS NULL) IS NOT (
    SELECT erased_at IS NOT NULL FROM statement_lines WHERE id = NEW.line_id
)
BEGIN SELECT RAISE(ABORT, 'stated_lines are erased with their line'); END;

CREATE TRIGGER stated_lines_no_delete BEFORE DELETE ON stated_lines
BEGIN SELECT RAISE(ABORT, 'stated_lines is append-only'); END;
