-- What was written off of an instalment stays in the list, and is between nothing and its amount:
-- it is taken back by a row below zero.

CREATE TRIGGER write_offs_within_amount BEFORE INSERT ON write_offs BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: write_offs.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM write_offs WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'more is written off than there is') WHERE NOT EXISTS (
        SELECT 1 FROM instalments WHERE id = NEW.instalment_id
            AND NEW.amount_satang + (
                SELECT coalesce(sum(amount_satang), 0) FROM write_offs
                WHERE instalment_id = NEW.instalment_id
            ) BETWEEN 0 AND amount_satang
    );
END;

CREATE TRIGGER write_offs_no_update BEFORE UPDATE ON write_offs
BEGIN SELECT RAISE(ABORT, 'write_offs is append-only'); END;

CREATE TRIGGER write_offs_no_delete BEFORE DELETE ON write_offs
BEGIN SELECT RAISE(ABORT, 'write_offs is append-only'); END;
