-- A month is published after its end, month after month, with exactly the figures it states; no
-- figure joins it later. PostgreSQL.
--
-- A month ends at midnight in Thailand, 17:00 UTC of its last day (fundapp/clock.py). Figures are
-- written before their publication; a foreign key, checked at the end, asks for it.

CREATE OR REPLACE FUNCTION require_publication_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF extract(day FROM NEW.month_on) <> 1 THEN
        RAISE EXCEPTION 'publications: not the first day of a month'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.published_at
        < (NEW.month_on + interval '1 month' - interval '7 hours') AT TIME ZONE 'UTC' THEN
        RAISE EXCEPTION 'publications: the month is not over' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.month_on - interval '1 month' <> (SELECT max(month_on) FROM publications) THEN
        RAISE EXCEPTION 'publications: not the month after the last one'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.figure_count <> (
        SELECT count(*) FROM published_figures WHERE month_on = NEW.month_on
    ) THEN
        RAISE EXCEPTION 'publications: not the figures that it states'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION refuse_late_figure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM publications WHERE month_on = NEW.month_on;
    IF FOUND THEN
        RAISE EXCEPTION 'published_figures: the month is published'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER publications_in_order BEFORE INSERT ON publications
FOR EACH ROW EXECUTE FUNCTION require_publication_order();

CREATE TRIGGER published_figures_before_publication BEFORE INSERT ON published_figures
FOR EACH ROW EXECUTE FUNCTION refuse_late_figure();
