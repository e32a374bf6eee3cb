-- The row that says how far the sums of days are stays.

CREATE TRIGGER day_folding_kept BEFORE DELETE ON day_folding
BEGIN SELECT RAISE(ABORT, 'day_folding has one row'); END;

CREATE TRIGGER day_folding_no_replace BEFORE INSERT ON day_folding BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: day_folding.number (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM day_folding WHERE number = NEW.number
    );
END;
