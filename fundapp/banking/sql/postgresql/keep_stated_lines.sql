-- What a file said of a line is never changed or removed. Its words are encrypted, and encrypted
-- again when keys rotate; they go exactly when the words of the line are erased, and those of a file
-- that is imported later are not kept at all.

CREATE OR REPLACE FUNCTION keep_stated_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_erased BOOLEAN;
BEGIN
    IF TG_OP = 'UPDATE' AND (
        NEW.statement_id, NEW.row_number, NEW.id, NEW.line_id, NEW.position, NEW.booked_time,
        NEW.description_digest, NEW.detail_digest, NEW.channel_digest, NEW.balance_satang
    ) IS DISTINCT FROM (
        OLD.statement_id, OLD.row_number, OLD.id, OLD.line_id, OLD.position, OLD.booked_time,
        OLD.description_digest, OLD.detail_digest, OLD.channel_digest, OLD.balance_satang
    ) THEN
        RAISE EXCEPTION 'stated_lines are kept as written' USING ERRCODE = 'check_violation';
    END IF;
    SELECT erased_at IS NOT NULL INTO is_erased FROM statement_lines WHERE id = NEW.line_id;
    IF (NEW.words_encrypted IS NULL) <> is_erased THEN
        RAISE EXCEPTION 'stated_lines are erased with their line'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER stated_lines_kept BEFORE INSERT OR UPDATE ON stated_lines
FOR EACH ROW EXECUTE FUNCTION keep_stated_lines();

-- The function is in fundapp/db/sql/postgresql/refuse_change.sql.

CREATE TRIGGER stated_lines_no_delete BEFORE DELETE ON stated_lines
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER stated_lines_no_truncate BEFORE TRUNCATE ON stated_lines
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
