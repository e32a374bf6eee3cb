-- A closed month stays closed, by whom and when it was, until two people open it again: one proposed
-- it and another confirmed it, and a row of period_reopenings names that proposal. No month before the
-- end of a closed fiscal year is opened: the last month of that year comes first. Months and
-- reopenings are not removed. SQLite.

CREATE TRIGGER period_reopenings_agreed BEFORE INSERT ON period_reopenings BEGIN
    SELECT RAISE(ABORT, 'periods: the month was not closed then')
    WHERE NOT EXISTS (
        SELECT 1 FROM periods
        WHERE starts_on = NEW.starts_on AND status = 'closed' AND closed_at = NEW.closed_at
            AND closed_by = NEW.closed_by
    );
    SELECT RAISE(ABORT, 'periods: two people open a closed month')
    WHERE NOT EXISTS (
        SELECT 1 FROM proposals
        WHERE id = NEW.proposal_id AND kind = 'period-reopening' AND subject = NEW.starts_on
            AND status = 'confirmed' AND proposed_by_id <> decided_by_id
    );
END;

CREATE TRIGGER period_reopenings_no_update BEFORE UPDATE ON period_reopenings
BEGIN SELECT RAISE(ABORT, 'period_reopenings is append-only'); END;

CREATE TRIGGER period_reopenings_no_delete BEFORE DELETE ON period_reopenings
BEGIN SELECT RAISE(ABORT, 'period_reopenings is append-only'); END;

CREATE TRIGGER period_reopenings_no_replace BEFORE INSERT ON period_reopenings
WHEN EXISTS (
    SELECT 1 FROM period_reopenings
    WHERE id = NEW.id OR proposal_id = NEW.proposal_id
        OR (starts_on = NEW.starts_on AND closed_at = NEW.closed_at)
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: period_reopenings (no row is replaced)'); END;

CREATE TRIGGER periods_keep BEFORE UPDATE ON periods
WHEN OLD.starts_on <> NEW.starts_on OR OLD.ends_on <> NEW.ends_on
    OR OLD.fiscal_year <> NEW.fiscal_year
    OR (OLD.status = 'closed' AND NEW.status = 'closed'
        AND (OLD.closed_at <> NEW.closed_at OR OLD.closed_by IS NOT NEW.closed_by))
BEGIN SELECT RAISE(ABORT, 'periods: a month stays as it was closed'); END;

CREATE TRIGGER periods_reopen BEFORE UPDATE ON periods
WHEN OLD.status = 'closed' AND NEW.status <> 'closed'
BEGIN
    SELECT RAISE(ABORT, 'periods: two people open a closed month')
    WHERE NOT EXISTS (
        SELECT 1 FROM period_reopenings
        WHERE starts_on = OLD.starts_on AND closed_at = OLD.closed_at
    );
    SELECT RAISE(ABORT, 'periods: a fiscal year that ends later is closed')
    FROM periods
    WHERE starts_on > OLD.starts_on AND status = 'closed' AND substr(ends_on, 6, 2) = '09';
END;

CREATE TRIGGER periods_no_delete BEFORE DELETE ON periods
BEGIN SELECT RAISE(ABORT, 'periods: months are not removed'); END;

CREATE TRIGGER periods_no_replace BEFORE INSERT ON periods
WHEN EXISTS (SELECT 1 FROM periods WHERE starts_on = NEW.starts_on)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: periods (no row is replaced)'); END;
