-- The row that says how far the sums of days are stays.

CREATE TRIGGER day_folding_kept BEFORE DELETE ON day_folding
FOR EACH ROW EXECUTE FUNCTION refuse_removal();

CREATE TRIGGER day_folding_kept_whole BEFORE TRUNCATE ON day_folding
FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal();
