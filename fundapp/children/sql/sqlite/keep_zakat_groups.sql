-- A zakat group tells a child's religion: it is written while a consent to keep it counts, and is
-- marked as sensitive. The entry itself is kept by keep_casework.sql.

CREATE TRIGGER case_entries_zakat_consented BEFORE INSERT ON case_entries
WHEN NEW.kind = 'zakat' AND (NEW.is_sensitive = 0 OR NOT EXISTS (
    SELECT 1 FROM consents AS s
    WHERE s.child_id = NEW.child_id AND s.kind = 'zakat'
        AND s.signed_on <= date(NEW.written_at, '+7 hours')
        AND (s.withdrawn_on IS NULL OR s.withdrawn_on > date(NEW.written_at, '+7 hours'))
        AND (s.expires_on IS NULL OR s.expires_on >= date(NEW.written_at, '+7 hours'))
))
BEGIN SELECT RAISE(ABORT, 'a zakat group is kept with a consent of its own'); END;
