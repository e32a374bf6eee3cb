-- What was written off of an instalment stays in the list, and is between nothing and its amount:
-- it is taken back by a row below zero.

CREATE OR REPLACE FUNCTION keep_write_offs_within() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM instalments WHERE id = NEW.instalment_id
            AND NEW.amount_satang + (
                SELECT coalesce(sum(amount_satang), 0) FROM write_offs
                WHERE instalment_id = NEW.instalment_id
            ) BETWEEN 0 AND amount_satang
    ) THEN
        RAISE EXCEPTION 'more is written off than there is' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER write_offs_within_amount BEFORE INSERT ON write_offs
FOR EACH ROW EXECUTE FUNCTION keep_write_offs_within();

CREATE TRIGGER write_offs_no_update BEFORE UPDATE ON write_offs
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER write_offs_no_delete BEFORE DELETE ON write_offs
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER write_offs_no_truncate BEFORE TRUNCATE ON write_offs
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
