-- An agency, and who signs in for it, are as two people agreed; a referral stays as it was sent,
-- rests on an agreement and on consents, and is answered in order by people of its agency.
--
-- Encrypted columns are left free: they are encrypted again when keys rotate.

CREATE OR REPLACE FUNCTION keep_agencies() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND (
        NEW.id <> OLD.id OR NEW.public_id <> OLD.public_id OR NEW.proposal_id = OLD.proposal_id
    ) OR NOT EXISTS (
        SELECT 1 FROM proposals
        WHERE id = NEW.proposal_id AND status = 'confirmed' AND kind = 'agency'
            AND subject = NEW.public_id
    ) THEN
        RAISE EXCEPTION 'an agency is as two people agreed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION keep_agency_accesses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND (
        NEW.user_id <> OLD.user_id OR NEW.proposal_id = OLD.proposal_id
    ) OR NOT EXISTS (
        SELECT 1 FROM proposals p JOIN users u ON u.public_id = p.subject
        WHERE p.id = NEW.proposal_id AND p.status = 'confirmed' AND p.kind = 'agency-access'
            AND u.id = NEW.user_id
    ) THEN
        RAISE EXCEPTION 'the access of an agency is as two people agreed'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION begin_referrals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> 'sent' OR NEW.version <> 1
        OR NOT EXISTS (
            SELECT 1 FROM agencies
            WHERE id = NEW.agency_id AND NEW.sent_on BETWEEN starts_on AND ends_on
        )
        OR NOT EXISTS (SELECT 1 FROM children WHERE id = NEW.child_id AND status = 'active')
        OR 2 > (
            SELECT count(DISTINCT kind) FROM consents
            WHERE child_id = NEW.child_id AND kind IN ('keep_file', 'share_facts')
                AND signed_on <= NEW.sent_on
                AND (withdrawn_on IS NULL OR withdrawn_on > NEW.sent_on)
                AND (expires_on IS NULL OR expires_on >= NEW.sent_on)
        )
    THEN
        RAISE EXCEPTION 'a referral rests on an agreement and on consents'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION keep_referrals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (
        NEW.id, NEW.child_id, NEW.agency_id, NEW.need, NEW.facts, NEW.sent_by_id, NEW.sent_at,
        NEW.sent_on, NEW.ends_on, NEW.idempotency_key
    ) IS DISTINCT FROM (
        OLD.id, OLD.child_id, OLD.agency_id, OLD.need, OLD.facts, OLD.sent_by_id, OLD.sent_at,
        OLD.sent_on, OLD.ends_on, OLD.idempotency_key
    ) OR NEW.status = OLD.status AND (
        NEW.version, NEW.accepted_by_id, NEW.accepted_at, NEW.closed_by_id, NEW.closed_at,
        NEW.given_kind, NEW.given_count, NEW.given_on
    ) IS DISTINCT FROM (
        OLD.version, OLD.accepted_by_id, OLD.accepted_at, OLD.closed_by_id, OLD.closed_at,
        OLD.given_kind, OLD.given_count, OLD.given_on
    ) OR NEW.status <> OLD.status AND (
        NEW.version <> OLD.version + 1
        OR OLD.status || ' ' || NEW.status NOT IN (
            'sent accepted', 'sent declined', 'sent withdrawn', 'accepted declined',
            'accepted done', 'accepted withdrawn'
        )
    ) OR OLD.accepted_at IS NOT NULL AND (NEW.accepted_by_id, NEW.accepted_at)
        IS DISTINCT FROM (OLD.accepted_by_id, OLD.accepted_at)
    THEN
        RAISE EXCEPTION 'a referral stays as it was sent and is answered in order'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.status IN ('accepted', 'declined', 'done') AND NEW.status <> OLD.status AND NOT EXISTS (
        SELECT 1 FROM agency_accesses
        WHERE agency_id = NEW.agency_id
            AND user_id = coalesce(NEW.closed_by_id, NEW.accepted_by_id)
    ) THEN
        RAISE EXCEPTION 'a referral is answered by people of its agency'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER agencies_kept BEFORE INSERT OR DELETE OR UPDATE ON agencies
FOR EACH ROW EXECUTE FUNCTION keep_agencies();

CREATE TRIGGER agency_accesses_kept BEFORE INSERT OR DELETE OR UPDATE ON agency_accesses
FOR EACH ROW EXECUTE FUNCTION keep_agency_accesses();

CREATE TRIGGER referrals_begin BEFORE INSERT ON referrals
FOR EACH ROW EXECUTE FUNCTION begin_referrals();

CREATE TRIGGER referrals_kept BEFORE DELETE OR UPDATE ON referrals
FOR EACH ROW EXECUTE FUNCTION keep_referrals();

CREATE TRIGGER agencies_no_truncate BEFORE TRUNCATE ON agencies
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER agency_accesses_no_truncate BEFORE TRUNCATE ON agency_accesses
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER referrals_no_truncate BEFORE TRUNCATE ON referrals
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
