-- What a witness cosigned stays, and a witness keeps its key: it can be asked elsewhere, ended, and
-- begin again. PostgreSQL. `refuse_change` is in fundapp/db/sql/postgresql/refuse_change.sql.

CREATE OR REPLACE FUNCTION keep_witness_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.name <> OLD.name OR NEW.vkey <> OLD.vkey OR NEW.added_at <> OLD.added_at THEN
        RAISE EXCEPTION 'a witness keeps its key' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER log_cosignatures_no_update BEFORE UPDATE ON log_cosignatures
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER log_cosignatures_no_delete BEFORE DELETE ON log_cosignatures
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER log_cosignatures_no_truncate BEFORE TRUNCATE ON log_cosignatures
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER log_witnesses_keep_keys BEFORE UPDATE ON log_witnesses
FOR EACH ROW EXECUTE FUNCTION keep_witness_keys();

CREATE TRIGGER log_witnesses_no_delete BEFORE DELETE ON log_witnesses
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER log_witnesses_no_truncate BEFORE TRUNCATE ON log_witnesses
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
