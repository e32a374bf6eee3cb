-- What a receipt says, the hash of its PDF and each print of it stay as they were written.
--
-- The encrypted content is left free: it is encrypted again when keys rotate. That it is what was
-- issued is the check `giving.receipt-contents`.

CREATE OR REPLACE FUNCTION refuse_receipt_contents_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.template, NEW.content_hash)
        IS DISTINCT FROM (OLD.id, OLD.template, OLD.content_hash) THEN
        RAISE EXCEPTION 'the content of a receipt is frozen' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER receipt_contents_frozen BEFORE UPDATE ON receipt_contents
FOR EACH ROW EXECUTE FUNCTION refuse_receipt_contents_change();

CREATE TRIGGER receipt_contents_kept BEFORE DELETE ON receipt_contents
FOR EACH ROW EXECUTE FUNCTION refuse_removal();

CREATE TRIGGER receipt_contents_kept_whole BEFORE TRUNCATE ON receipt_contents
FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal();

CREATE TRIGGER receipt_pdfs_no_update BEFORE UPDATE ON receipt_pdfs
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER receipt_pdfs_no_delete BEFORE DELETE ON receipt_pdfs
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER receipt_pdfs_no_truncate BEFORE TRUNCATE ON receipt_pdfs
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER receipt_prints_no_update BEFORE UPDATE ON receipt_prints
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER receipt_prints_no_delete BEFORE DELETE ON receipt_prints
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER receipt_prints_no_truncate BEFORE TRUNCATE ON receipt_prints
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
