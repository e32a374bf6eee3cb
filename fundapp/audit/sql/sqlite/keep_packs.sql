-- A pack covers the days that were asked for and, once it has ended, stays as it was made. SQLite.

CREATE TRIGGER audit_packs_keep BEFORE UPDATE ON audit_packs
WHEN OLD.ended_at IS NOT NULL OR OLD.from_on <> NEW.from_on OR OLD.to_on <> NEW.to_on
    OR OLD.asked_by <> NEW.asked_by OR OLD.asked_at <> NEW.asked_at OR OLD.id <> NEW.id
BEGIN SELECT RAISE(ABORT, 'audit_packs: a pack stays as it was made'); END;

CREATE TRIGGER audit_packs_no_delete BEFORE DELETE ON audit_packs
BEGIN SELECT RAISE(ABORT, 'audit_packs: a pack stays as it was made'); END;

CREATE TRIGGER audit_packs_no_replace BEFORE INSERT ON audit_packs
WHEN EXISTS (
    SELECT 1 FROM audit_packs WHERE id = NEW.id OR idempotency_key = NEW.idempotency_key
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: audit_packs (no row is replaced)'); END;
