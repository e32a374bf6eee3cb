-- A month that is not over is not closed: entries of its last days may still come. SQLite.
--
-- A month is over at midnight in Thailand, 17:00 UTC of its last day (fundapp/clock.py).

CREATE TRIGGER periods_over_insert BEFORE INSERT ON periods
WHEN NEW.status = 'closed' AND NEW.closed_at < NEW.ends_on || 'T17:00:00Z'
BEGIN SELECT RAISE(ABORT, 'periods: the month is not over'); END;

CREATE TRIGGER periods_over_update BEFORE UPDATE ON periods
WHEN NEW.status = 'closed' AND NEW.closed_at < NEW.ends_on || 'T17:00:00Z'
BEGIN SELECT RAISE(ABORT, 'periods: the month is not over'); END;
