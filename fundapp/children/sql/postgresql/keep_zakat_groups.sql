-- A zakat group tells a child's religion: it is written while a consent to keep it counts, and is
-- marked as sensitive. The entry itself is kept by keep_casework.sql.

CREATE OR REPLACE FUNCTION require_zakat_consent() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    on_day CONSTANT date := (NEW.written_at AT TIME ZONE 'Asia/Bangkok')::date;
BEGIN
    IF NEW.kind = 'zakat' AND (NOT NEW.is_sensitive OR NOT EXISTS (
        SELECT 1 FROM consents AS s
        WHERE s.child_id = NEW.child_id AND s.kind = 'zakat' AND s.signed_on <= on_day
            AND (s.withdrawn_on IS NULL OR s.withdrawn_on > on_day)
            AND (s.expires_on IS NULL OR s.expires_on >= on_day)
    )) THEN
        RAISE EXCEPTION 'a zakat group is kept with a consent of its own'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER case_entries_zakat_consented BEFORE INSERT ON case_entries
FOR EACH ROW EXECUTE FUNCTION require_zakat_consent();
