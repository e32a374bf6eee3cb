-- An append-only table refuses UPDATE, DELETE and TRUNCATE.
--
-- The triggers that call this function are in the packages' files append_only.sql.

CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
