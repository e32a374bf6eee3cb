-- What a receipt says, the hash of its PDF and each print of it stay as they were written.
--
-- The encrypted content is left free: it is encrypted again when keys rotate. That it is what was
-- issued is the check `giving.receipt-contents`.

CREATE TRIGGER receipt_contents_frozen BEFORE UPDATE ON receipt_contents
WHEN (NEW.id, NEW.template, NEW.content_hash) IS NOT (OLD.id, OLD.template, OLD.content_hash)
BEGIN SELECT RAISE(ABORT, 'the content of a receipt is frozen'); END;

CREATE TRIGGER receipt_contents_kept BEFORE DELETE ON receipt_contents
BEGIN SELECT RAISE(ABORT, 'receipt_contents are kept for ever'); END;

CREATE TRIGGER receipt_pdfs_no_update BEFORE UPDATE ON receipt_pdfs
BEGIN SELECT RAISE(ABORT, 'receipt_pdfs is append-only'); END;

CREATE TRIGGER receipt_pdfs_no_delete BEFORE DELETE ON receipt_pdfs
BEGIN SELECT RAISE(ABORT, 'receipt_pdfs is append-only'); END;

CREATE TRIGGER receipt_prints_no_update BEFORE UPDATE ON receipt_prints
BEGIN SELECT RAISE(ABORT, 'receipt_prints is append-only'); END;

CREATE TRIGGER receipt_prints_no_delete BEFORE DELETE ON receipt_prints
BEGIN SELECT RAISE(ABORT, 'receipt_prints is append-only'); END;
