-- The last day of an auditor from outside rests on a confirmed proposal, and goes only with its role:
-- nobody has more days than two people gave.

CREATE TRIGGER role_endings_confirmed BEFORE INSERT ON role_endings
WHEN NOT EXISTS (
    SELECT 1 FROM proposals p JOIN users u ON u.id = NEW.user_id
    WHERE p.id = NEW.proposal_id AND p.status = 'confirmed' AND p.kind = 'roles'
    AND p.subject = u.public_id
)
BEGIN SELECT RAISE(ABORT, 'the last day of a role rests on a confirmed proposal'); END;

CREATE TRIGGER role_endings_kept_update BEFORE UPDATE ON role_endings
BEGIN SELECT RAISE(ABORT, 'the last day of a role stays as given'); END;

CREATE TRIGGER role_endings_kept_delete BEFORE DELETE ON role_endings
WHEN EXISTS (SELECT 1 FROM user_roles WHERE user_id = OLD.user_id AND role = OLD.role)
BEGIN SELECT RAISE(ABORT, 'the last day of a role goes only with the role'); END;

-- INSERT OR REPLACE removes no row: fundapp/ledger/sql/sqlite/refuse_replacing.sql.
CREATE TRIGGER role_endings_no_replace BEFORE INSERT ON role_endings
WHEN EXISTS (SELECT 1 FROM role_endings WHERE user_id = NEW.user_id AND role = NEW.role)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: role_endings (no row is replaced)'); END;
