-- On paper an invitation is used with two sheets, which two administrators printed: whoever printed
-- one cannot use it alone. A command prints one sheet while there are no two administrators. That
-- two people printed them is the CHECK second_sheet.

CREATE TRIGGER invitations_need_two_sheets BEFORE UPDATE ON invitations
WHEN NEW.used_at IS NOT NULL AND NEW.delivery = 'paper' AND NEW.made_by <> 'command-line'
    AND NEW.second_sha256 IS NULL
BEGIN SELECT RAISE(ABORT, 'on paper an invitation needs two sheets'); END;

CREATE TRIGGER invitations_begin_unused BEFORE INSERT ON invitations
WHEN NEW.used_at IS NOT NULL OR NEW.second_sha256 IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'an invitation begins unused, with one sheet'); END;
