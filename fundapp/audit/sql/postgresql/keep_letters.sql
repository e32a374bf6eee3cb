-- A letter asks about its item, of the amount that the books have, and is sent once; what was answered
-- stays. PostgreSQL.

CREATE OR REPLACE FUNCTION keep_letters() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.sent_on IS NOT NULL OR (
        OLD.id, OLD.sample_id, OLD.position, OLD.party, OLD.source_id, OLD.amount_satang,
        OLD.happened_on, OLD.made_by, OLD.made_at
    ) IS DISTINCT FROM (
        NEW.id, NEW.sample_id, NEW.position, NEW.party, NEW.source_id, NEW.amount_satang,
        NEW.happened_on, NEW.made_by, NEW.made_at
    ) THEN
        RAISE EXCEPTION 'audit_letters: a letter stays as it was made and sent'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER audit_letters_keep BEFORE UPDATE ON audit_letters
FOR EACH ROW EXECUTE FUNCTION keep_letters();

CREATE TRIGGER audit_letters_no_delete BEFORE DELETE ON audit_letters
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_letter_replies_no_update BEFORE UPDATE ON audit_letter_replies
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_letter_replies_no_delete BEFORE DELETE ON audit_letter_replies
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_letter_replies_no_truncate BEFORE TRUNCATE ON audit_letter_replies
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_letters_no_truncate BEFORE TRUNCATE ON audit_letters
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
