-- What lets somebody in is used once: an invitation, a link and a recovery code end once and for ever,
-- the codes of an authenticator app only go forward, and a passkey stays the key of its person. Between
-- its beginning and its end an invitation on paper gets its second sheet, once.

CREATE OR REPLACE FUNCTION refuse_second_invitation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (
        NEW.id, NEW.user_id, NEW.purpose, NEW.delivery, NEW.token_sha256, NEW.made_by, NEW.made_at,
        NEW.expires_at
    ) IS DISTINCT FROM (
        OLD.id, OLD.user_id, OLD.purpose, OLD.delivery, OLD.token_sha256, OLD.made_by, OLD.made_at,
        OLD.expires_at
    )
    OR OLD.used_at IS NOT NULL OR OLD.cancelled_at IS NOT NULL
    OR OLD.second_sha256 IS NOT NULL AND (NEW.second_sha256, NEW.second_by)
        IS DISTINCT FROM (OLD.second_sha256, OLD.second_by) THEN
        RAISE EXCEPTION 'an invitation is used once' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER invitations_used_once BEFORE UPDATE ON invitations
FOR EACH ROW EXECUTE FUNCTION refuse_second_invitation();

CREATE TRIGGER invitations_kept BEFORE DELETE ON invitations
FOR EACH ROW EXECUTE FUNCTION refuse_removal();

CREATE TRIGGER invitations_kept_whole BEFORE TRUNCATE ON invitations
FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal();

CREATE OR REPLACE FUNCTION refuse_second_sign_in() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (
        NEW.id, NEW.email, NEW.token_sha256, NEW.browser_sha256, NEW.asked_at, NEW.expires_at
    ) IS DISTINCT FROM (
        OLD.id, OLD.email, OLD.token_sha256, OLD.browser_sha256, OLD.asked_at, OLD.expires_at
    )
    OR OLD.used_at IS NOT NULL THEN
        RAISE EXCEPTION 'a link to sign in is used once' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER sign_in_links_used_once BEFORE UPDATE ON sign_in_links
FOR EACH ROW EXECUTE FUNCTION refuse_second_sign_in();

CREATE OR REPLACE FUNCTION refuse_second_recovery() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.user_id, NEW.code_sha256, NEW.made_at)
        IS DISTINCT FROM (OLD.id, OLD.user_id, OLD.code_sha256, OLD.made_at)
    OR OLD.used_at IS NOT NULL THEN
        RAISE EXCEPTION 'a recovery code is used once' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER recovery_codes_used_once BEFORE UPDATE ON recovery_codes
FOR EACH ROW EXECUTE FUNCTION refuse_second_recovery();

CREATE OR REPLACE FUNCTION refuse_earlier_totp_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.user_id, NEW.created_at) IS DISTINCT FROM (OLD.id, OLD.user_id, OLD.created_at)
    OR NEW.last_step < OLD.last_step
    OR (OLD.confirmed_at IS NOT NULL AND NEW.confirmed_at IS DISTINCT FROM OLD.confirmed_at) THEN
        RAISE EXCEPTION 'a code of an authenticator app is used once'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER totp_secrets_go_forward BEFORE UPDATE ON totp_secrets
FOR EACH ROW EXECUTE FUNCTION refuse_earlier_totp_step();

CREATE OR REPLACE FUNCTION refuse_other_passkey() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.user_id, NEW.credential_id, NEW.public_key, NEW.created_at)
        IS DISTINCT FROM (OLD.id, OLD.user_id, OLD.credential_id, OLD.public_key, OLD.created_at)
    OR NEW.sign_count < OLD.sign_count THEN
        RAISE EXCEPTION 'a passkey stays the key of its person' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER passkeys_stay BEFORE UPDATE ON passkeys
FOR EACH ROW EXECUTE FUNCTION refuse_other_passkey();
