-- A request that moves to another district takes its earlier entries with it: what was folded of them
-- is folded anew. The row that says how far that is stays.

CREATE OR REPLACE FUNCTION begin_help_sums_anew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.district_code <> OLD.district_code AND EXISTS (
        SELECT FROM journal_entries
        WHERE source_type = 'disbursement_request' AND source_ref = NEW.public_id
    ) THEN
        UPDATE help_folding SET leaf_count = 0;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER help_sums_begin_anew AFTER UPDATE ON disbursement_requests
FOR EACH ROW EXECUTE FUNCTION begin_help_sums_anew();

CREATE TRIGGER help_folding_kept BEFORE DELETE ON help_folding
FOR EACH ROW EXECUTE FUNCTION refuse_removal();

CREATE TRIGGER help_folding_kept_whole BEFORE TRUNCATE ON help_folding
FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal();
