-- A letter asks about its item, of the amount that the books have, and is sent once; what was answered
-- stays. SQLite.

CREATE TRIGGER audit_letters_keep BEFORE UPDATE ON audit_letters
WHEN OLD.id <> NEW.id OR OLD.sample_id <> NEW.sample_id OR OLD.position <> NEW.position
    OR OLD.party <> NEW.party OR OLD.source_id <> NEW.source_id
    OR OLD.amount_satang <> NEW.amount_satang OR OLD.happened_on <> NEW.happened_on
    OR OLD.made_by <> NEW.made_by OR OLD.made_at <> NEW.made_at OR OLD.sent_on IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'audit_letters: a letter stays as it was made and sent'); END;

CREATE TRIGGER audit_letters_no_delete BEFORE DELETE ON audit_letters
BEGIN SELECT RAISE(ABORT, 'audit_letters: a letter stays as it was made and sent'); END;

CREATE TRIGGER audit_letters_no_replace BEFORE INSERT ON audit_letters
WHEN EXISTS (
    SELECT 1 FROM audit_letters
    WHERE id = NEW.id OR (sample_id = NEW.sample_id AND position = NEW.position)
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: audit_letters (no row is replaced)'); END;

CREATE TRIGGER audit_letter_replies_no_update BEFORE UPDATE ON audit_letter_replies
BEGIN SELECT RAISE(ABORT, 'audit_letter_replies is append-only'); END;

CREATE TRIGGER audit_letter_replies_no_delete BEFORE DELETE ON audit_letter_replies
BEGIN SELECT RAISE(ABORT, 'audit_letter_replies is append-only'); END;

CREATE TRIGGER audit_letter_replies_no_replace BEFORE INSERT ON audit_letter_replies
WHEN EXISTS (
    SELECT 1 FROM audit_letter_replies
    WHERE letter_id = NEW.letter_id AND (number = NEW.number OR (way = 'link' AND NEW.way = 'link'))
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: audit_letter_replies (no row is replaced)'); END;
