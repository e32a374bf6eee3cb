-- A month that is not over is not closed: entries of its last days may still come. PostgreSQL.
--
-- A month is over at midnight in Thailand, 17:00 UTC of its last day (fundapp/clock.py).

CREATE OR REPLACE FUNCTION require_month_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'closed'
        AND NEW.closed_at < (NEW.ends_on + time '17:00') AT TIME ZONE 'UTC' THEN
        RAISE EXCEPTION 'periods: the month is not over' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER periods_over BEFORE INSERT OR UPDATE ON periods
FOR EACH ROW EXECUTE FUNCTION require_month_over();
