-- Receipts are counted one by one, so that the numbers of a fiscal year have no gap and no repeat.
--
-- A year's counter goes on by one and is never removed; a receipt takes the number that the counter
-- of its year has reached (`take_numbers` of the receipts of giving), or the next one,
-- and the counter goes on with it: so many receipts are written with one statement. UNIQUE
-- (fiscal_year, number) of receipts refuses a second receipt under a number.

CREATE OR REPLACE FUNCTION refuse_receipt_counters_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (NEW.fiscal_year = OLD.fiscal_year AND NEW.last_number = OLD.last_number + 1) THEN
        RAISE EXCEPTION 'receipts are counted one by one' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION require_counted_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE receipt_counters SET last_number = last_number + 1
    WHERE fiscal_year = NEW.fiscal_year AND last_number + 1 = NEW.number;
    IF NEW.number IS DISTINCT FROM (
        SELECT last_number FROM receipt_counters WHERE fiscal_year = NEW.fiscal_year
    ) THEN
        RAISE EXCEPTION 'a receipt takes the number that was counted'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER receipt_counters_frozen BEFORE UPDATE ON receipt_counters
FOR EACH ROW EXECUTE FUNCTION refuse_receipt_counters_change();

CREATE TRIGGER receipt_counters_kept BEFORE DELETE ON receipt_counters
FOR EACH ROW EXECUTE FUNCTION refuse_removal();

CREATE TRIGGER receipt_counters_kept_whole BEFORE TRUNCATE ON receipt_counters
FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal();

CREATE TRIGGER receipts_counted BEFORE INSERT ON receipts
FOR EACH ROW EXECUTE FUNCTION require_counted_receipt();
