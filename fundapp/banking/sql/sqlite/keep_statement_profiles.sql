-- A statement names the style in which it was read, or the message of the bank that it is; a style
-- keeps its code, which is that of no message.

CREATE TRIGGER statements_name_profile BEFORE INSERT ON statements
WHEN NEW.profile NOT IN ('mt940', 'camt053')
AND NOT EXISTS (SELECT 1 FROM statement_profiles WHERE code = NEW.profile)
BEGIN SELECT RAISE(ABORT, 'a statement names the style in which it was read'); END;

CREATE TRIGGER statement_profiles_no_message BEFORE INSERT ON statement_profiles
WHEN NEW.code IN ('mt940', 'camt053')
BEGIN SELECT RAISE(ABORT, 'a style has the code of no message'); END;

CREATE TRIGGER statement_profiles_kept_code BEFORE UPDATE ON statement_profiles
WHEN NEW.code IS NOT OLD.code
BEGIN SELECT RAISE(ABORT, 'statement_profiles keep their codes'); END;

CREATE TRIGGER statement_profiles_no_delete BEFORE DELETE ON statement_profiles
BEGIN SELECT RAISE(ABORT, 'statement_profiles keep their codes'); END;
