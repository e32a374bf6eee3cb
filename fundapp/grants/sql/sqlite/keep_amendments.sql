-- An amendment is of a grant that runs, follows the one before it, begins at what the grant says, and
-- stays. SQLite.

CREATE TRIGGER grant_amendments_follow BEFORE INSERT ON grant_amendments
WHEN NOT EXISTS (
    SELECT 1 FROM grants g WHERE g.id = NEW.grant_id AND g.status = 'running'
        AND g.ends_on = NEW.ends_before AND NEW.ends_after >= g.starts_on
        AND NEW.number = 1 + (SELECT count(*) FROM grant_amendments WHERE grant_id = NEW.grant_id)
)
BEGIN SELECT RAISE(ABORT, 'an amendment follows the one before, of a grant that runs'); END;

CREATE TRIGGER grant_amendment_lines_follow BEFORE INSERT ON grant_amendment_lines
WHEN NEW.before_satang <> coalesce((
        SELECT amount_satang FROM grant_lines
        WHERE grant_id = NEW.grant_id AND fiscal_year = NEW.fiscal_year
            AND account_code = NEW.account_code
    ), 0)
    OR NEW.number <> (SELECT max(number) FROM grant_amendments WHERE grant_id = NEW.grant_id)
    OR (SELECT status FROM grants WHERE id = NEW.grant_id) IS NOT 'running'
BEGIN SELECT RAISE(ABORT, 'an amendment begins at what the grant says'); END;

CREATE TRIGGER grant_amendments_no_update BEFORE UPDATE ON grant_amendments
BEGIN SELECT RAISE(ABORT, 'grant_amendments is append-only'); END;

CREATE TRIGGER grant_amendments_no_delete BEFORE DELETE ON grant_amendments
BEGIN SELECT RAISE(ABORT, 'grant_amendments is append-only'); END;

CREATE TRIGGER grant_amendment_lines_no_update BEFORE UPDATE ON grant_amendment_lines
BEGIN SELECT RAISE(ABORT, 'grant_amendment_lines is append-only'); END;

CREATE TRIGGER grant_amendment_lines_no_delete BEFORE DELETE ON grant_amendment_lines
BEGIN SELECT RAISE(ABORT, 'grant_amendment_lines is append-only'); END;
