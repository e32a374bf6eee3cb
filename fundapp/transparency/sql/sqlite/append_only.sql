-- What was published is never changed or removed.

CREATE TRIGGER publications_no_update BEFORE UPDATE ON publications
BEGIN SELECT RAISE(ABORT, 'publications is append-only'); END;

CREATE TRIGGER publications_no_delete BEFORE DELETE ON publications
BEGIN SELECT RAISE(ABORT, 'publications is append-only'); END;

CREATE TRIGGER published_figures_no_update BEFORE UPDATE ON published_figures
BEGIN SELECT RAISE(ABORT, 'published_figures is append-only'); END;

CREATE TRIGGER published_figures_no_delete BEFORE DELETE ON published_figures
BEGIN SELECT RAISE(ABORT, 'published_figures is append-only'); END;

CREATE TRIGGER published_callbacks_no_update BEFORE UPDATE ON published_callbacks
BEGIN SELECT RAISE(ABORT, 'published_callbacks is append-only'); END;

CREATE TRIGGER published_callbacks_no_delete BEFORE DELETE ON published_callbacks
BEGIN SELECT RAISE(ABORT, 'published_callbacks is append-only'); END;
