-- A request that moves to another district takes its earlier entries with it: what was folded of them
-- is folded anew. The row that says how far that is stays.

CREATE TRIGGER help_sums_begin_anew AFTER UPDATE OF district_code ON disbursement_requests
WHEN NEW.district_code IS NOT OLD.district_code AND EXISTS (
    SELECT 1 FROM journal_entries
    WHERE source_type = 'disbursement_request' AND source_ref = NEW.public_id
)
BEGIN UPDATE help_folding SET leaf_count = 0; END;

CREATE TRIGGER help_folding_kept BEFORE DELETE ON help_folding
BEGIN SELECT RAISE(ABORT, 'help_folding has one row'); END;

CREATE TRIGGER help_folding_no_replace BEFORE INSERT ON help_folding BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: help_folding.number (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM help_folding WHERE number = NEW.number
    );
END;
