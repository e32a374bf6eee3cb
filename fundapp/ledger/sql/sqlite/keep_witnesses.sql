-- What a witness cosigned stays, and a witness keeps its key: it can be asked elsewhere, ended, and
-- begin again. SQLite.

CREATE TRIGGER log_cosignatures_no_replace BEFORE INSERT ON log_cosignatures BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: log_cosignatures (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM log_cosignatures
        WHERE number = NEW.number AND size = NEW.size AND witness_name = NEW.witness_name
    );
END;

CREATE TRIGGER log_cosignatures_no_update BEFORE UPDATE ON log_cosignatures
BEGIN SELECT RAISE(ABORT, 'log_cosignatures is append-only'); END;

CREATE TRIGGER log_cosignatures_no_delete BEFORE DELETE ON log_cosignatures
BEGIN SELECT RAISE(ABORT, 'log_cosignatures is append-only'); END;

CREATE TRIGGER log_witnesses_no_replace BEFORE INSERT ON log_witnesses BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: log_witnesses (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM log_witnesses WHERE name = NEW.name);
END;

CREATE TRIGGER log_witnesses_keep_keys BEFORE UPDATE ON log_witnesses
WHEN NEW.name <> OLD.name OR NEW.vkey <> OLD.vkey OR NEW.added_at <> OLD.added_at
BEGIN SELECT RAISE(ABORT, 'a witness keeps its key'); END;

CREATE TRIGGER log_witnesses_no_delete BEFORE DELETE ON log_witnesses
BEGIN SELECT RAISE(ABORT, 'a witness is ended, not removed'); END;
