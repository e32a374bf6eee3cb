-- INSERT OR REPLACE removes nothing of a phase.
-- Why a trigger is needed: fundapp/ledger/sql/sqlite/refuse_replacing.sql.

CREATE TRIGGER programme_phases_no_replace BEFORE INSERT ON programme_phases BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: programme_phases.id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM programme_phases WHERE id = NEW.id OR public_id = NEW.public_id
    );
END;

CREATE TRIGGER programme_phase_versions_no_replace BEFORE INSERT ON programme_phase_versions BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: programme_phase_versions.phase_id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM programme_phase_versions WHERE phase_id = NEW.phase_id AND number = NEW.number
        OR idempotency_key = NEW.idempotency_key
    );
END;

CREATE TRIGGER programme_phase_districts_no_replace BEFORE INSERT ON programme_phase_districts BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: programme_phase_districts.phase_id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM programme_phase_districts WHERE phase_id = NEW.phase_id AND number = NEW.number
        AND district_code = NEW.district_code
    );
END;

CREATE TRIGGER programme_targets_no_replace BEFORE INSERT ON programme_targets BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: programme_targets.phase_id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM programme_targets WHERE phase_id = NEW.phase_id AND number = NEW.number
        AND position = NEW.position
    );
END;

CREATE TRIGGER programme_target_groups_no_replace BEFORE INSERT ON programme_target_groups BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: programme_target_groups.phase_id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM programme_target_groups WHERE phase_id = NEW.phase_id AND number = NEW.number
        AND position = NEW.position AND target_group = NEW.target_group
    );
END;
