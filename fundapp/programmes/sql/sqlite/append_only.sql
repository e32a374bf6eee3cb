-- A phase of the programme keeps what it said: whoever changes it writes a further version.

CREATE TRIGGER programme_phases_no_update BEFORE UPDATE ON programme_phases
BEGIN SELECT RAISE(ABORT, 'programme_phases is append-only'); END;

CREATE TRIGGER programme_phases_no_delete BEFORE DELETE ON programme_phases
BEGIN SELECT RAISE(ABORT, 'programme_phases is append-only'); END;

CREATE TRIGGER programme_phase_versions_no_update BEFORE UPDATE ON programme_phase_versions
BEGIN SELECT RAISE(ABORT, 'programme_phase_versions is append-only'); END;

CREATE TRIGGER programme_phase_versions_no_delete BEFORE DELETE ON programme_phase_versions
BEGIN SELECT RAISE(ABORT, 'programme_phase_versions is append-only'); END;

CREATE TRIGGER programme_phase_districts_no_update BEFORE UPDATE ON programme_phase_districts
BEGIN SELECT RAISE(ABORT, 'programme_phase_districts is append-only'); END;

CREATE TRIGGER programme_phase_districts_no_delete BEFORE DELETE ON programme_phase_districts
BEGIN SELECT RAISE(ABORT, 'programme_phase_districts is append-only'); END;

CREATE TRIGGER programme_targets_no_update BEFORE UPDATE ON programme_targets
BEGIN SELECT RAISE(ABORT, 'programme_targets is append-only'); END;

CREATE TRIGGER programme_targets_no_delete BEFORE DELETE ON programme_targets
BEGIN SELECT RAISE(ABORT, 'programme_targets is append-only'); END;

CREATE TRIGGER programme_target_groups_no_update BEFORE UPDATE ON programme_target_groups
BEGIN SELECT RAISE(ABORT, 'programme_target_groups is append-only'); END;

CREATE TRIGGER programme_target_groups_no_delete BEFORE DELETE ON programme_target_groups
BEGIN SELECT RAISE(ABORT, 'programme_target_groups is append-only'); END;
