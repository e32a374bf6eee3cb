-- A sample stays as it was frozen. It is drawn once, with as many entries as it said, and closed
-- once, when each of them has its working paper. No entry is drawn later; working papers are
-- written while it is being checked, and stay.

CREATE TRIGGER audit_samples_begin_frozen BEFORE INSERT ON audit_samples
WHEN NEW.status <> 'frozen' AND NOT EXISTS (SELECT 1 FROM audit_samples WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a sample begins frozen'); END;

CREATE TRIGGER audit_samples_no_delete BEFORE DELETE ON audit_samples
BEGIN SELECT RAISE(ABORT, 'samples are kept'); END;

CREATE TRIGGER audit_samples_kept BEFORE UPDATE ON audit_samples
WHEN (
    NEW.id, NEW.from_on, NEW.to_on, NEW.kind, NEW.fund_code, NEW.last_entry_id, NEW.population_count,
    NEW.population_satang, NEW.population_sha256, NEW.method, NEW.confidence, NEW.materiality_satang,
    NEW.expected_satang, NEW.size, NEW.frozen_at, NEW.frozen_by, NEW.idempotency_key
) IS NOT (
    OLD.id, OLD.from_on, OLD.to_on, OLD.kind, OLD.fund_code, OLD.last_entry_id, OLD.population_count,
    OLD.population_satang, OLD.population_sha256, OLD.method, OLD.confidence, OLD.materiality_satang,
    OLD.expected_satang, OLD.size, OLD.frozen_at, OLD.frozen_by, OLD.idempotency_key
) OR (
    OLD.status <> 'frozen'
    AND (NEW.seed, NEW.seed_source, NEW.drawn_at, NEW.drawn_by)
        IS NOT (OLD.seed, OLD.seed_source, OLD.drawn_at, OLD.drawn_by)
) OR (OLD.status, NEW.status) NOT IN (VALUES ('frozen', 'drawn'), ('drawn', 'closed'))
BEGIN SELECT RAISE(ABORT, 'samples are kept as frozen, drawn and closed'); END;

CREATE TRIGGER audit_samples_drawn_whole BEFORE UPDATE ON audit_samples
WHEN NEW.status = 'drawn' AND NEW.size > (
    SELECT coalesce(sum(hits), 0) FROM audit_sample_items WHERE sample_id = NEW.id
)
BEGIN SELECT RAISE(ABORT, 'a sample is drawn whole'); END;

CREATE TRIGGER audit_samples_closed_checked BEFORE UPDATE ON audit_samples
WHEN NEW.status = 'closed' AND EXISTS (
    SELECT 1 FROM audit_sample_items item WHERE item.sample_id = NEW.id AND NOT EXISTS (
        SELECT 1 FROM audit_sample_papers paper
        WHERE paper.sample_id = item.sample_id AND paper.position = item.position
    )
)
BEGIN SELECT RAISE(ABORT, 'each item of a closed sample has a working paper'); END;

CREATE TRIGGER audit_sample_strata_while_frozen BEFORE INSERT ON audit_sample_strata
WHEN (SELECT status FROM audit_samples WHERE id = NEW.sample_id) IS NOT 'frozen' AND NOT EXISTS (
    SELECT 1 FROM audit_sample_strata WHERE sample_id = NEW.sample_id AND number = NEW.number
)
BEGIN SELECT RAISE(ABORT, 'the sample is drawn'); END;

CREATE TRIGGER audit_sample_strata_no_update BEFORE UPDATE ON audit_sample_strata
BEGIN SELECT RAISE(ABORT, 'audit_sample_strata is append-only'); END;

CREATE TRIGGER audit_sample_strata_no_delete BEFORE DELETE ON audit_sample_strata
BEGIN SELECT RAISE(ABORT, 'audit_sample_strata is append-only'); END;

CREATE TRIGGER audit_sample_items_while_frozen BEFORE INSERT ON audit_sample_items
WHEN (SELECT status FROM audit_samples WHERE id = NEW.sample_id) IS NOT 'frozen' AND NOT EXISTS (
    SELECT 1 FROM audit_sample_items WHERE sample_id = NEW.sample_id AND position = NEW.position
)
BEGIN SELECT RAISE(ABORT, 'the sample is drawn'); END;

CREATE TRIGGER audit_sample_items_no_update BEFORE UPDATE ON audit_sample_items
BEGIN SELECT RAISE(ABORT, 'audit_sample_items is append-only'); END;

CREATE TRIGGER audit_sample_items_no_delete BEFORE DELETE ON audit_sample_items
BEGIN SELECT RAISE(ABORT, 'audit_sample_items is append-only'); END;

CREATE TRIGGER audit_sample_papers_while_drawn BEFORE INSERT ON audit_sample_papers
WHEN (SELECT status FROM audit_samples WHERE id = NEW.sample_id) IS NOT 'drawn' AND NOT EXISTS (
    SELECT 1 FROM audit_sample_papers WHERE sample_id = NEW.sample_id AND position = NEW.position AND number = NEW.number
)
BEGIN SELECT RAISE(ABORT, 'the sample is not being checked'); END;

CREATE TRIGGER audit_sample_papers_no_update BEFORE UPDATE ON audit_sample_papers
BEGIN SELECT RAISE(ABORT, 'audit_sample_papers is append-only'); END;

CREATE TRIGGER audit_sample_papers_no_delete BEFORE DELETE ON audit_sample_papers
BEGIN SELECT RAISE(ABORT, 'audit_sample_papers is append-only'); END;

-- INSERT OR REPLACE removes no row: fundapp/ledger/sql/sqlite/refuse_replacing.sql.
CREATE TRIGGER audit_samples_no_replace BEFORE INSERT ON audit_samples
WHEN EXISTS (
    SELECT 1 FROM audit_samples WHERE id = NEW.id OR idempotency_key = NEW.idempotency_key
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: audit_samples (no row is replaced)'); END;

CREATE TRIGGER audit_sample_strata_no_replace BEFORE INSERT ON audit_sample_strata
WHEN EXISTS (SELECT 1 FROM audit_sample_strata WHERE sample_id = NEW.sample_id AND number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: audit_sample_strata (no row is replaced)'); END;

CREATE TRIGGER audit_sample_items_no_replace BEFORE INSERT ON audit_sample_items
WHEN EXISTS (
    SELECT 1 FROM audit_sample_items WHERE sample_id = NEW.sample_id
        AND (position = NEW.position OR entry_id = NEW.entry_id)
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: audit_sample_items (no row is replaced)'); END;

CREATE TRIGGER audit_sample_papers_no_replace BEFORE INSERT ON audit_sample_papers
WHEN EXISTS (
    SELECT 1 FROM audit_sample_papers
    WHERE sample_id = NEW.sample_id AND position = NEW.position AND number = NEW.number
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: audit_sample_papers (no row is replaced)'); END;
