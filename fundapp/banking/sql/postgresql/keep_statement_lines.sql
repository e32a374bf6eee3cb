-- The identity of a statement line never changes, and no line is removed. Its words and its balance
-- are those of files that count, as stated_lines keeps them. A matched line is not withdrawn, and a
-- withdrawn one comes back, to be matched, only when a file that counts states it.
--
-- Words are compared by their digests, which are made for the line. The encrypted words are left
-- free: keys rotate. That they are those of the digests is the check `banking.words`. Erasing takes
-- the words of every file too; it is not undone, and the digests stay as they were.

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
        NEW.booked_time, NEW.description_digest, NEW.detail_digest, NEW.channel_digest,
        NEW.balance_satang, NEW.statement_id, NEW.row_number
    ) IS DISTINCT FROM (
        OLD.booked_time, OLD.description_digest, OLD.detail_digest, OLD.channel_digest,
        OLD.balance_satang, OLD.statement_id, OLD.row_number
    ) THEN
        SELECT coalesce(
            bool_or(r.booked_time = NEW.booked_time)
            AND bool_or(r.balance_satang = NEW.balance_satang)
            AND bool_or(r.statement_id = NEW.statement_id AND r.row_number = NEW.row_number)
            AND (NEW.erased_at IS NOT NULL OR (
                bool_or(r.description_digest = NEW.description_digest)
                AND bool_or(r.detail_digest = NEW.detail_digest)
                AND bool_or(r.channel_digest = NEW.channel_digest)
            )),
            false
        ) INTO is_kept
        FROM stated_lines r JOIN statements s ON s.id = r.statement_id
        WHERE r.line_id = NEW.id AND s.undone_at IS NULL;
    END IF;
    IF is_kept AND (OLD.erased_at IS NOT NULL OR NEW.erased_at IS NOT NULL) THEN
        is_kept := (
            NEW.description_digest, NEW.detail_digest, NEW.channel_digest
        ) IS NOT DISTINCT FROM (
            OLD.description_digest, OLD.detail_digest, OLD.channel_digest
        ) AND (
            OLD.erased_at IS NULL OR (NEW.erased_at, NEW.erased_by, NEW.erased_why)
                IS NOT DISTINCT FROM (OLD.erased_at, OLD.erased_by, OLD.erased_why)
        );
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

CREATE OR REPLACE FUNCTION erase_stated_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL THEN
        UPDATE stated_lines SET words_encrypted = NULL WHERE line_id = NEW.id;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER statement_lines_erased AFTER UPDATE OF erased_at ON statement_lines
FOR EACH ROW EXECUTE FUNCTION erase_stated_words();

CREATE TRIGGER statement_lines_no_truncate BEFORE TRUNCATE ON statement_lines
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
