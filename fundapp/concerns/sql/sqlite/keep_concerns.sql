-- What was told stays, and so does each step that followed; a concern is in the state of its newest
-- step, and begins as new.
--
-- Encrypted columns are left free: they are encrypted again when keys rotate.
--
-- A concern about the safety of a child stays one, and only the two people who were named last do
-- anything with it; any other concern can become one. Who they are is in the rows of
-- concern_keepers, which stay.

CREATE TRIGGER concerns_begin BEFORE INSERT ON concerns
WHEN NEW.status <> 'new'
BEGIN SELECT RAISE(ABORT, 'a concern begins as new'); END;

CREATE TRIGGER concerns_kept_update BEFORE UPDATE ON concerns
WHEN (NEW.id, NEW.locale, NEW.code_lookup, NEW.told_at, NEW.idempotency_key)
    IS NOT (OLD.id, OLD.locale, OLD.code_lookup, OLD.told_at, OLD.idempotency_key)
    OR NEW.kind <> OLD.kind AND NEW.kind <> 'child_safety'
    OR OLD.status <> 'new' AND NEW.status = 'new'
BEGIN SELECT RAISE(ABORT, 'a concern stays as it was told'); END;

CREATE TRIGGER concerns_kept_delete BEFORE DELETE ON concerns
BEGIN SELECT RAISE(ABORT, 'a concern stays as it was told'); END;

-- INSERT OR REPLACE removes no row: fundapp/ledger/sql/sqlite/refuse_replacing.sql.
CREATE TRIGGER concerns_no_replace BEFORE INSERT ON concerns BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: concerns.id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM concerns
        WHERE id = NEW.id OR code_lookup = NEW.code_lookup OR idempotency_key = NEW.idempotency_key
    );
END;

CREATE TRIGGER concern_steps_in_state BEFORE INSERT ON concern_steps
WHEN NOT EXISTS (SELECT 1 FROM concerns WHERE id = NEW.concern_id AND status = NEW.status)
BEGIN SELECT RAISE(ABORT, 'a step names the state that its concern is in'); END;

CREATE TRIGGER concern_steps_kept_update BEFORE UPDATE ON concern_steps
WHEN (NEW.id, NEW.concern_id, NEW.action, NEW.status, NEW.done_by, NEW.done_at, NEW.idempotency_key)
    IS NOT (OLD.id, OLD.concern_id, OLD.action, OLD.status, OLD.done_by, OLD.done_at, OLD.idempotency_key)
BEGIN SELECT RAISE(ABORT, 'a step of a concern stays as it was done'); END;

CREATE TRIGGER concern_steps_kept_delete BEFORE DELETE ON concern_steps
BEGIN SELECT RAISE(ABORT, 'a step of a concern stays as it was done'); END;

CREATE TRIGGER concern_steps_no_replace BEFORE INSERT ON concern_steps BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: concern_steps.id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM concern_steps WHERE id = NEW.id OR idempotency_key = NEW.idempotency_key
    );
END;

CREATE TRIGGER concern_steps_by_keepers BEFORE INSERT ON concern_steps
WHEN NEW.action NOT IN ('tell', 'reply', 'restrict') AND EXISTS (
    SELECT 1 FROM concerns WHERE id = NEW.concern_id AND kind = 'child_safety'
) AND NOT EXISTS (
    SELECT 1 FROM concern_keepers k JOIN users u ON u.id IN (k.first_id, k.second_id)
    WHERE k.id = (SELECT max(id) FROM concern_keepers) AND u.public_id = NEW.done_by
)
BEGIN SELECT RAISE(ABORT, 'only the two people named for it work on a restricted concern'); END;

CREATE TRIGGER concern_keepers_no_update BEFORE UPDATE ON concern_keepers
BEGIN SELECT RAISE(ABORT, 'concern_keepers is append-only'); END;

CREATE TRIGGER concern_keepers_no_delete BEFORE DELETE ON concern_keepers
BEGIN SELECT RAISE(ABORT, 'concern_keepers is append-only'); END;

CREATE TRIGGER concern_keepers_no_replace BEFORE INSERT ON concern_keepers BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: concern_keepers.id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM concern_keepers WHERE id = NEW.id OR proposal_id = NEW.proposal_id
    );
END;
