-- What lets somebody in is used once: an invitation, a link and a recovery code end once and for ever,
-- the codes of an authenticator app only go forward, and a passkey stays the key of its person. Between
-- its beginning and its end an invitation on paper gets its second sheet, once.

CREATE TRIGGER invitations_used_once BEFORE UPDATE ON invitations
WHEN (
    NEW.id, NEW.user_id, NEW.purpose, NEW.delivery, NEW.token_sha256, NEW.made_by, NEW.made_at,
    NEW.expires_at
) IS NOT (
    OLD.id, OLD.user_id, OLD.purpose, OLD.delivery, OLD.token_sha256, OLD.made_by, OLD.made_at,
    OLD.expires_at
)
OR OLD.used_at IS NOT NULL OR OLD.cancelled_at IS NOT NULL
OR OLD.second_sha256 IS NOT NULL
    AND (NEW.second_sha256, NEW.second_by) IS NOT (OLD.second_sha256, OLD.second_by)
BEGIN SELECT RAISE(ABORT, 'an invitation is used once'); END;

CREATE TRIGGER invitations_kept BEFORE DELETE ON invitations
BEGIN SELECT RAISE(ABORT, 'invitations are kept for ever'); END;

CREATE TRIGGER sign_in_links_used_once BEFORE UPDATE ON sign_in_links
WHEN (
    NEW.id, NEW.email, NEW.token_sha256, NEW.browser_sha256, NEW.asked_at, NEW.expires_at
) IS NOT (
    OLD.id, OLD.email, OLD.token_sha256, OLD.browser_sha256, OLD.asked_at, OLD.expires_at
)
OR OLD.used_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a link to sign in is used once'); END;

CREATE TRIGGER recovery_codes_used_once BEFORE UPDATE ON recovery_codes
WHEN (NEW.id, NEW.user_id, NEW.code_sha256, NEW.made_at)
    IS NOT (OLD.id, OLD.user_id, OLD.code_sha256, OLD.made_at)
OR OLD.used_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a recovery code is used once'); END;

CREATE TRIGGER totp_secrets_go_forward BEFORE UPDATE ON totp_secrets
WHEN (NEW.id, NEW.user_id, NEW.created_at) IS NOT (OLD.id, OLD.user_id, OLD.created_at)
OR NEW.last_step < OLD.last_step
OR (OLD.confirmed_at IS NOT NULL AND NEW.confirmed_at IS NOT OLD.confirmed_at)
BEGIN SELECT RAISE(ABORT, 'a code of an authenticator app is used once'); END;

CREATE TRIGGER passkeys_stay BEFORE UPDATE ON passkeys
WHEN (NEW.id, NEW.user_id, NEW.credential_id, NEW.public_key, NEW.created_at)
    IS NOT (OLD.id, OLD.user_id, OLD.credential_id, OLD.public_key, OLD.created_at)
OR NEW.sign_count < OLD.sign_count
BEGIN SELECT RAISE(ABORT, 'a passkey stays the key of its person'); END;
