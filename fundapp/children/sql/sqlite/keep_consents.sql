-- A consent stays as it was signed. It is withdrawn once, which is not undone, and none is removed.
--
-- Its encrypted columns are left free: they are encrypted again when keys rotate.

CREATE TRIGGER consents_kept_update BEFORE UPDATE ON consents
WHEN (
    NEW.id, NEW.child_id, NEW.kind, NEW.relation, NEW.signed_on, NEW.expires_on,
    NEW.recorded_by_id, NEW.recorded_at, NEW.capacity
) IS NOT (
    OLD.id, OLD.child_id, OLD.kind, OLD.relation, OLD.signed_on, OLD.expires_on,
    OLD.recorded_by_id, OLD.recorded_at, OLD.capacity
)
OR (OLD.withdrawn_on IS NOT NULL AND NEW.withdrawn_on IS NOT OLD.withdrawn_on)
BEGIN SELECT RAISE(ABORT, 'consents are kept as signed'); END;

CREATE TRIGGER consents_kept_delete BEFORE DELETE ON consents
BEGIN SELECT RAISE(ABORT, 'consents are kept as signed'); END;

-- INSERT OR REPLACE removes no row: fundapp/ledger/sql/sqlite/refuse_replacing.sql.
CREATE TRIGGER consents_no_replace BEFORE INSERT ON consents BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: consents.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM consents WHERE id = NEW.id);
END;
