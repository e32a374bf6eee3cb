-- The identity of a statement line never changes, and no line is removed. Its words and its balance
-- are those of files that count, as stated_lines keeps them. A matched line is not withdrawn, and a
-- withdrawn one comes back, to be matched, only when a file that counts states it.
--
-- Words are compared by their digests, which are made for the line. The encrypted words are left
-- free: keys rotate. That they are those of the digests is the check `banking.words`. Erasing takes
-- the words of every file too; it is not undone, and the digests stay as they were.

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
    NEW.booked_time, NEW.description_digest, NEW.detail_digest, NEW.channel_digest,
    NEW.balance_satang, NEW.statement_id, NEW.row_number
) IS NOT (
    OLD.booked_time, OLD.description_digest, OLD.detail_digest, OLD.channel_digest,
    OLD.balance_satang, OLD.statement_id, OLD.row_number
)
BEGIN
    SELECT RAISE(ABORT, 'statement_lines are kept as written')
    WHERE NOT EXISTS (
        SELECT 1 FROM (
            SELECT
                max(r.booked_time = NEW.booked_time) AS has_time,
                max(r.description_digest = NEW.description_digest) AS has_description,
                max(r.detail_digest = NEW.detail_digest) AS has_detail,
                max(r.channel_digest = NEW.channel_digest) AS has_channel,
                max(r.balance_satang = NEW.balance_satang) AS has_balance,
                max(r.statement_id = NEW.statement_id AND r.row_number = NEW.row_number) AS has_row
            FROM stated_lines r JOIN statements s ON s.id = r.statement_id
            WHERE r.line_id = NEW.id AND s.undone_at IS NULL
        ) WHERE has_time AND has_balance AND has_row AND (
            NEW.erased_at IS NOT NULL OR (has_description AND has_detail AND has_channel)
        )
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

CREATE TRIGGER statement_lines_kept_erased BEFORE UPDATE ON statement_lines
WHEN (OLD.erased_at IS NOT NULL OR NEW.erased_at IS NOT NULL) AND (
    NEW.description_digest, NEW.detail_digest, NEW.channel_digest
) IS NOT (
    OLD.description_digest, OLD.detail_digest, OLD.channel_digest
)
OR OLD.erased_at IS NOT NULL AND (NEW.erased_at, NEW.erased_by, NEW.erased_why) IS NOT (
    OLD.erased_at, OLD.erased_by, OLD.erased_why
)
BEGIN SELECT RAISE(ABORT, 'statement_lines are kept as written'); END;

CREATE TRIGGER statement_lines_erased AFTER UPDATE OF erased_at ON statement_lines
WHEN OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL
BEGIN UPDATE stated_lines SET words_encrypted = NULL WHERE line_id = NEW.id; END;

CREATE TRIGGER statement_lines_kept_delete BEFORE DELETE ON statement_lines
BEGIN SELECT RAISE(ABORT, 'statement_lines are kept as written'); END;
