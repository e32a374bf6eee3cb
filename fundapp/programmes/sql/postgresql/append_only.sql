-- A phase of the programme keeps what it said: whoever changes it writes a further version.
-- The function is in fundapp/db/sql/postgresql/refuse_change.sql.

CREATE TRIGGER programme_phases_no_update BEFORE UPDATE ON programme_phases
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER programme_phases_no_delete BEFORE DELETE ON programme_phases
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER programme_phases_no_truncate BEFORE TRUNCATE ON programme_phases
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER programme_phase_versions_no_update BEFORE UPDATE ON programme_phase_versions
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER programme_phase_versions_no_delete BEFORE DELETE ON programme_phase_versions
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER programme_phase_versions_no_truncate BEFORE TRUNCATE ON programme_phase_versions
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER programme_phase_districts_no_update BEFORE UPDATE ON programme_phase_districts
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER programme_phase_districts_no_delete BEFORE DELETE ON programme_phase_districts
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER programme_phase_districts_no_truncate BEFORE TRUNCATE ON programme_phase_districts
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER programme_targets_no_update BEFORE UPDATE ON programme_targets
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER programme_targets_no_delete BEFORE DELETE ON programme_targets
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER programme_targets_no_truncate BEFORE TRUNCATE ON programme_targets
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER programme_target_groups_no_update BEFORE UPDATE ON programme_target_groups
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER programme_target_groups_no_delete BEFORE DELETE ON programme_target_groups
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER programme_target_groups_no_truncate BEFORE TRUNCATE ON programme_target_groups
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
