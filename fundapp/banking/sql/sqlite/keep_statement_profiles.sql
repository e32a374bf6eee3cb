-- A statement names the style in which it was read, and a style keeps its code.

CREATE TRIGGER statements_name_profile BEFORE INSERT ON statements
WHEN NOT EXISTS (SELECT 1 FROM statement_profiles WHERE code = NEW.profile)
BEGIN SELECT RAISE(ABORT, 'a statement names the style in which it was read'); END;

CREATE TRIGGER statement_profiles_kept_code BEFORE UPDATE ON statement_profiles
WHEN NEW.code IS NOT OLD.code
BEGIN SELECT RAISE(ABORT, 'statement_profiles keep their codes'); END;

CREATE TRIGGER statement_profiles_no_delete BEFORE DELETE ON statement_profiles
BEGIN SELECT RAISE(ABORT, 'statement_profiles keep their codes'); END;
