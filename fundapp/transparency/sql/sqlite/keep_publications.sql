-- A month is published after its end, month after month, with exactly the figures it states; no
-- figure joins it later. SQLite.
--
-- A month ends at midnight in Thailand, 17:00 UTC of its last day (fundapp/clock.py). Figures are
-- written before their publication; a foreign key, checked at the end, asks for it.

CREATE TRIGGER publications_in_order BEFORE INSERT ON publications BEGIN
    SELECT RAISE(ABORT, 'publications: not the first day of a month')
    WHERE substr(NEW.month_on, 9) <> '01';
    SELECT RAISE(ABORT, 'publications: the month is not over')
    WHERE NEW.published_at < date(NEW.month_on, '+1 month', '-1 day') || 'T17:00:00Z';
    SELECT RAISE(ABORT, 'publications: not the month after the last one')
    WHERE date(NEW.month_on, '-1 month') <> (SELECT max(month_on) FROM publications);
    SELECT RAISE(ABORT, 'publications: not the figures that it states')
    WHERE NEW.figure_count <> (
        SELECT count(*) FROM published_figures WHERE month_on = NEW.month_on
    );
END;

CREATE TRIGGER published_figures_before_publication BEFORE INSERT ON published_figures
WHEN EXISTS (SELECT 1 FROM publications WHERE month_on = NEW.month_on)
BEGIN SELECT RAISE(ABORT, 'published_figures: the month is published'); END;
