-- What was mailed of the sealed log stays as it was mailed. SQLite.

CREATE TRIGGER checkpoint_mailings_no_replace BEFORE INSERT ON checkpoint_mailings BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: checkpoint_mailings (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM checkpoint_mailings WHERE occasion = NEW.occasion);
END;

CREATE TRIGGER checkpoint_mailings_no_update BEFORE UPDATE ON checkpoint_mailings
BEGIN SELECT RAISE(ABORT, 'checkpoint_mailings is append-only'); END;

CREATE TRIGGER checkpoint_mailings_no_delete BEFORE DELETE ON checkpoint_mailings
BEGIN SELECT RAISE(ABORT, 'checkpoint_mailings is append-only'); END;
