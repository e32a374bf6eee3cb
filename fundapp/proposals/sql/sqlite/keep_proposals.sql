-- A proposal begins open. Its proposer is written once, its decision once, and then it stays as it
-- is: that two people agreed, and on what, is not rewritten. None is removed.

CREATE TRIGGER proposals_begin_open BEFORE INSERT ON proposals
WHEN NEW.status <> 'open'
BEGIN SELECT RAISE(ABORT, 'a proposal begins open'); END;

CREATE TRIGGER proposals_kept_update BEFORE UPDATE ON proposals
WHEN OLD.status <> 'open' OR (OLD.proposed_by_id IS NOT NULL
    AND NEW.proposed_by_id IS NOT OLD.proposed_by_id) OR (
    NEW.id, NEW.public_id, NEW.kind, NEW.subject, NEW.before_json, NEW.after_json,
    NEW.proposed_at, NEW.expires_on
) IS NOT (
    OLD.id, OLD.public_id, OLD.kind, OLD.subject, OLD.before_json, OLD.after_json,
    OLD.proposed_at, OLD.expires_on
)
BEGIN SELECT RAISE(ABORT, 'proposals are kept as written'); END;

CREATE TRIGGER proposals_kept_delete BEFORE DELETE ON proposals
BEGIN SELECT RAISE(ABORT, 'proposals are kept as written'); END;
