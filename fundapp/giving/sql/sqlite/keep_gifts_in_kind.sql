-- A gift in kind stays as recorded and none is removed; one that was recorded by mistake is
-- withdrawn, once.

CREATE TRIGGER gifts_in_kind_frozen BEFORE UPDATE ON gifts_in_kind
WHEN (
    NEW.id, NEW.public_id, NEW.donor_id, NEW.description, NEW.declared_satang, NEW.received_on,
    NEW.is_anonymous, NEW.recorded_by, NEW.recorded_at, NEW.idempotency_key, NEW.form_digest
) IS NOT (
    OLD.id, OLD.public_id, OLD.donor_id, OLD.description, OLD.declared_satang, OLD.received_on,
    OLD.is_anonymous, OLD.recorded_by, OLD.recorded_at, OLD.idempotency_key, OLD.form_digest
)
OR (OLD.status = 'withdrawn' AND NEW.status <> 'withdrawn')
BEGIN SELECT RAISE(ABORT, 'the facts of a gift in kind are frozen'); END;

CREATE TRIGGER gifts_in_kind_kept BEFORE DELETE ON gifts_in_kind
BEGIN SELECT RAISE(ABORT, 'gifts_in_kind are kept for ever'); END;

CREATE TRIGGER gifts_in_kind_no_replace BEFORE INSERT ON gifts_in_kind BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: gifts_in_kind.id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM gifts_in_kind WHERE id = NEW.id
    );
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: gifts_in_kind.public_id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM gifts_in_kind WHERE public_id = NEW.public_id
    );
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: gifts_in_kind.idempotency_key (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM gifts_in_kind WHERE idempotency_key = NEW.idempotency_key
    );
END;
