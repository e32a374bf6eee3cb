-- An agency, and who signs in for it, are as two people agreed; a referral stays as it was sent,
-- rests on an agreement and on consents, and is answered in order by people of its agency.
--
-- Encrypted columns are left free: they are encrypted again when keys rotate.

CREATE TRIGGER agencies_agreed BEFORE INSERT ON agencies
WHEN NOT EXISTS (
    SELECT 1 FROM proposals
    WHERE id = NEW.proposal_id AND status = 'confirmed' AND kind = 'agency'
        AND subject = NEW.public_id
)
BEGIN SELECT RAISE(ABORT, 'an agency is as two people agreed'); END;

CREATE TRIGGER agencies_kept_update BEFORE UPDATE ON agencies
WHEN NEW.id IS NOT OLD.id OR NEW.public_id IS NOT OLD.public_id
    OR NEW.proposal_id = OLD.proposal_id OR NOT EXISTS (
        SELECT 1 FROM proposals
        WHERE id = NEW.proposal_id AND status = 'confirmed' AND kind = 'agency'
            AND subject = NEW.public_id
    )
BEGIN SELECT RAISE(ABORT, 'an agency is as two people agreed'); END;

CREATE TRIGGER agencies_kept_delete BEFORE DELETE ON agencies
BEGIN SELECT RAISE(ABORT, 'an agency stays in the register'); END;

-- INSERT OR REPLACE removes no row: fundapp/ledger/sql/sqlite/refuse_replacing.sql.
CREATE TRIGGER agencies_no_replace BEFORE INSERT ON agencies BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: agencies.id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM agencies
        WHERE id = NEW.id OR public_id = NEW.public_id OR name = NEW.name
            OR proposal_id = NEW.proposal_id
    );
END;

CREATE TRIGGER agency_accesses_agreed BEFORE INSERT ON agency_accesses
WHEN NOT EXISTS (
    SELECT 1 FROM proposals p JOIN users u ON u.public_id = p.subject
    WHERE p.id = NEW.proposal_id AND p.status = 'confirmed' AND p.kind = 'agency-access'
        AND u.id = NEW.user_id
)
BEGIN SELECT RAISE(ABORT, 'the access of an agency is as two people agreed'); END;

CREATE TRIGGER agency_accesses_kept_update BEFORE UPDATE ON agency_accesses
WHEN NEW.user_id IS NOT OLD.user_id OR NEW.proposal_id = OLD.proposal_id OR NOT EXISTS (
    SELECT 1 FROM proposals p JOIN users u ON u.public_id = p.subject
    WHERE p.id = NEW.proposal_id AND p.status = 'confirmed' AND p.kind = 'agency-access'
        AND u.id = NEW.user_id
)
BEGIN SELECT RAISE(ABORT, 'the access of an agency is as two people agreed'); END;

CREATE TRIGGER agency_accesses_kept_delete BEFORE DELETE ON agency_accesses
BEGIN SELECT RAISE(ABORT, 'who had access stays on record'); END;

CREATE TRIGGER agency_accesses_no_replace BEFORE INSERT ON agency_accesses BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: agency_accesses.user_id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM agency_accesses
        WHERE user_id = NEW.user_id OR proposal_id = NEW.proposal_id
    );
END;

CREATE TRIGGER referrals_begin BEFORE INSERT ON referrals
WHEN NEW.status <> 'sent' OR NEW.version <> 1
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
BEGIN SELECT RAISE(ABORT, 'a referral rests on an agreement and on consents'); END;

CREATE TRIGGER referrals_kept_update BEFORE UPDATE ON referrals
WHEN (
    NEW.id, NEW.child_id, NEW.agency_id, NEW.need, NEW.facts, NEW.sent_by_id, NEW.sent_at,
    NEW.sent_on, NEW.ends_on, NEW.idempotency_key
) IS NOT (
    OLD.id, OLD.child_id, OLD.agency_id, OLD.need, OLD.facts, OLD.sent_by_id, OLD.sent_at,
    OLD.sent_on, OLD.ends_on, OLD.idempotency_key
)
OR NEW.status = OLD.status AND (
    NEW.version, NEW.accepted_by_id, NEW.accepted_at, NEW.closed_by_id, NEW.closed_at,
    NEW.given_kind, NEW.given_count, NEW.given_on
) IS NOT (
    OLD.version, OLD.accepted_by_id, OLD.accepted_at, OLD.closed_by_id, OLD.closed_at,
    OLD.given_kind, OLD.given_count, OLD.given_on
)
OR NEW.status <> OLD.status AND (
    NEW.version <> OLD.version + 1
    OR OLD.status || ' ' || NEW.status NOT IN (
        'sent accepted', 'sent declined', 'sent withdrawn', 'accepted declined',
        'accepted done', 'accepted withdrawn'
    )
)
OR OLD.accepted_at IS NOT NULL
    AND (NEW.accepted_by_id, NEW.accepted_at) IS NOT (OLD.accepted_by_id, OLD.accepted_at)
BEGIN SELECT RAISE(ABORT, 'a referral stays as it was sent and is answered in order'); END;

CREATE TRIGGER referrals_answered_by_agency BEFORE UPDATE OF status ON referrals
WHEN NEW.status IN ('accepted', 'declined', 'done') AND NEW.status <> OLD.status AND NOT EXISTS (
    SELECT 1 FROM agency_accesses
    WHERE agency_id = NEW.agency_id AND user_id = coalesce(NEW.closed_by_id, NEW.accepted_by_id)
)
BEGIN SELECT RAISE(ABORT, 'a referral is answered by people of its agency'); END;

CREATE TRIGGER referrals_kept_delete BEFORE DELETE ON referrals
BEGIN SELECT RAISE(ABORT, 'a referral stays on record'); END;

CREATE TRIGGER referrals_no_replace BEFORE INSERT ON referrals BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: referrals.id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM referrals WHERE id = NEW.id OR idempotency_key = NEW.idempotency_key
    );
END;
