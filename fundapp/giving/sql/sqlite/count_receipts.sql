-- Receipts are counted one by one, so that the numbers of a fiscal year have no gap and no repeat.
--
-- A year's counter goes on by one and is never removed; a receipt takes the number that the counter
-- of its year has reached (`take_numbers` of the receipts of giving), or the next one,
-- and the counter goes on with it: so many receipts are written with one statement. UNIQUE
-- (fiscal_year, number) of receipts refuses a second receipt under a number.

CREATE TRIGGER receipt_counters_frozen BEFORE UPDATE ON receipt_counters
WHEN NOT (NEW.fiscal_year = OLD.fiscal_year AND NEW.last_number = OLD.last_number + 1)
BEGIN SELECT RAISE(ABORT, 'receipts are counted one by one'); END;

CREATE TRIGGER receipt_counters_kept BEFORE DELETE ON receipt_counters
BEGIN SELECT RAISE(ABORT, 'receipt_counters are kept for ever'); END;

CREATE TRIGGER receipts_counted BEFORE INSERT ON receipts
BEGIN
    UPDATE receipt_counters SET last_number = last_number + 1
    WHERE fiscal_year = NEW.fiscal_year AND last_number + 1 = NEW.number;
    SELECT RAISE(ABORT, 'a receipt takes the number that was counted') WHERE NEW.number IS NOT (
        SELECT last_number FROM receipt_counters WHERE fiscal_year = NEW.fiscal_year
    );
END;
