-- A closed month stays closed, by whom and when it was, until two people open it again: one proposed
-- it and another confirmed it, and a row of period_reopenings names that proposal. No month before the
-- end of a closed fiscal year is opened: the last month of that year comes first. Months and
-- reopenings are not removed. PostgreSQL.

CREATE OR REPLACE FUNCTION require_reopening_agreed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM periods
        WHERE starts_on = NEW.starts_on AND status = 'closed' AND closed_at = NEW.closed_at
            AND closed_by = NEW.closed_by
    ) THEN
        RAISE EXCEPTION 'periods: the month was not closed then' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM proposals
        WHERE id = NEW.proposal_id AND kind = 'period-reopening'
            AND subject = to_char(NEW.starts_on, 'YYYY-MM-DD')
            AND status = 'confirmed' AND proposed_by_id <> decided_by_id
    ) THEN
        RAISE EXCEPTION 'periods: two people open a closed month' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER period_reopenings_agreed BEFORE INSERT ON period_reopenings
FOR EACH ROW EXECUTE FUNCTION require_reopening_agreed();

CREATE TRIGGER period_reopenings_no_update BEFORE UPDATE ON period_reopenings
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER period_reopenings_no_delete BEFORE DELETE ON period_reopenings
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER period_reopenings_no_truncate BEFORE TRUNCATE ON period_reopenings
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE FUNCTION keep_periods() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.starts_on, OLD.ends_on, OLD.fiscal_year)
            IS DISTINCT FROM (NEW.starts_on, NEW.ends_on, NEW.fiscal_year)
        OR (OLD.status = 'closed' AND NEW.status = 'closed'
            AND (OLD.closed_at, OLD.closed_by) IS DISTINCT FROM (NEW.closed_at, NEW.closed_by)) THEN
        RAISE EXCEPTION 'periods: a month stays as it was closed' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.status <> 'closed' OR NEW.status = 'closed' THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (
        SELECT FROM period_reopenings WHERE starts_on = OLD.starts_on AND closed_at = OLD.closed_at
    ) THEN
        RAISE EXCEPTION 'periods: two people open a closed month' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT FROM periods
        WHERE starts_on > OLD.starts_on AND status = 'closed'
            AND extract(month FROM ends_on) = 9
    ) THEN
        RAISE EXCEPTION 'periods: a fiscal year that ends later is closed'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER periods_keep BEFORE UPDATE ON periods
FOR EACH ROW EXECUTE FUNCTION keep_periods();

CREATE TRIGGER periods_no_delete BEFORE DELETE ON periods
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER periods_no_truncate BEFORE TRUNCATE ON periods
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
