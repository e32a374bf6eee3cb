-- INSERT OR REPLACE removes no written exception, no invitation, and no code that was used.
-- Why a trigger is needed: fundapp/ledger/sql/sqlite/refuse_replacing.sql.

CREATE TRIGGER role_exceptions_no_replace BEFORE INSERT ON role_exceptions BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: role_exceptions.id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM role_exceptions WHERE id = NEW.id OR proposal_id = NEW.proposal_id
    );
END;

CREATE TRIGGER invitations_no_replace BEFORE INSERT ON invitations BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: invitations.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM invitations WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: invitations.token_sha256 (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM invitations WHERE token_sha256 = NEW.token_sha256);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: invitations.user_id (no row is replaced)')
    WHERE NEW.used_at IS NULL AND NEW.cancelled_at IS NULL AND EXISTS (
        SELECT 1 FROM invitations
        WHERE user_id = NEW.user_id AND used_at IS NULL AND cancelled_at IS NULL
    );
END;

CREATE TRIGGER sign_in_links_no_replace BEFORE INSERT ON sign_in_links BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: sign_in_links.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM sign_in_links WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: sign_in_links.token_sha256 (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM sign_in_links WHERE token_sha256 = NEW.token_sha256);
END;

CREATE TRIGGER recovery_codes_no_replace BEFORE INSERT ON recovery_codes BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: recovery_codes.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM recovery_codes WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: recovery_codes.code_sha256 (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM recovery_codes
        WHERE user_id = NEW.user_id AND code_sha256 = NEW.code_sha256
    );
END;
