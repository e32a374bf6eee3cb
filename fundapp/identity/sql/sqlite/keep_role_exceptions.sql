-- A written exception rests on the proposal that the two people named in it proposed and confirmed.
-- It changes once: when it is ended early. None is removed.

CREATE TRIGGER role_exceptions_confirmed BEFORE INSERT ON role_exceptions
WHEN NEW.ended_on IS NOT NULL OR NOT EXISTS (
    SELECT 1 FROM proposals WHERE id = NEW.proposal_id AND status = 'confirmed'
    AND proposed_by_id = NEW.proposed_by_id AND decided_by_id = NEW.confirmed_by_id
)
BEGIN SELECT RAISE(ABORT, 'an exception rests on a confirmed proposal'); END;

CREATE TRIGGER role_exceptions_kept_update BEFORE UPDATE ON role_exceptions
WHEN OLD.ended_on IS NOT NULL OR (
    NEW.id, NEW.user_id, NEW.role, NEW.beside, NEW.reason, NEW.starts_on, NEW.ends_on,
    NEW.proposal_id, NEW.proposed_by_id, NEW.confirmed_by_id
) IS NOT (
    OLD.id, OLD.user_id, OLD.role, OLD.beside, OLD.reason, OLD.starts_on, OLD.ends_on,
    OLD.proposal_id, OLD.proposed_by_id, OLD.confirmed_by_id
)
BEGIN SELECT RAISE(ABORT, 'exceptions are kept as written'); END;

CREATE TRIGGER role_exceptions_kept_delete BEFORE DELETE ON role_exceptions
BEGIN SELECT RAISE(ABORT, 'exceptions are kept as written'); END;
