-- A sample stays as it was frozen. It is drawn once, with as many entries as it said, and closed
-- once, when each of them has its working paper. No entry is drawn later; working papers are
-- written while it is being checked, and stay. Its row is locked by what adds to it, so that no
-- drawing and no closing passes by.

CREATE OR REPLACE FUNCTION keep_samples() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'frozen' THEN
            RAISE EXCEPTION 'a sample begins frozen' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP <> 'UPDATE' OR (
        NEW.id, NEW.from_on, NEW.to_on, NEW.kind, NEW.fund_code, NEW.last_entry_id,
        NEW.population_count, NEW.population_satang, NEW.population_sha256, NEW.method,
        NEW.confidence, NEW.materiality_satang, NEW.expected_satang, NEW.size, NEW.frozen_at,
        NEW.frozen_by, NEW.idempotency_key
    ) IS DISTINCT FROM (
        OLD.id, OLD.from_on, OLD.to_on, OLD.kind, OLD.fund_code, OLD.last_entry_id,
        OLD.population_count, OLD.population_satang, OLD.population_sha256, OLD.method,
        OLD.confidence, OLD.materiality_satang, OLD.expected_satang, OLD.size, OLD.frozen_at,
        OLD.frozen_by, OLD.idempotency_key
    ) OR (
        OLD.status <> 'frozen'
        AND (NEW.seed, NEW.seed_source, NEW.drawn_at, NEW.drawn_by)
            IS DISTINCT FROM (OLD.seed, OLD.seed_source, OLD.drawn_at, OLD.drawn_by)
    ) OR (OLD.status, NEW.status) NOT IN (('frozen', 'drawn'), ('drawn', 'closed')) THEN
        RAISE EXCEPTION 'samples are kept as frozen, drawn and closed'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.status = 'drawn' AND NEW.size > (
        SELECT coalesce(sum(hits), 0) FROM audit_sample_items WHERE sample_id = NEW.id
    ) THEN
        RAISE EXCEPTION 'a sample is drawn whole' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.status = 'closed' AND EXISTS (
        SELECT 1 FROM audit_sample_items item WHERE item.sample_id = NEW.id AND NOT EXISTS (
            SELECT 1 FROM audit_sample_papers paper
            WHERE paper.sample_id = item.sample_id AND paper.position = item.position
        )
    ) THEN
        RAISE EXCEPTION 'each item of a closed sample has a working paper'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION keep_sample_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM audit_samples WHERE id = NEW.sample_id
        AND status = CASE TG_TABLE_NAME WHEN 'audit_sample_papers' THEN 'drawn' ELSE 'frozen' END
        FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the state of the sample does not allow it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER audit_samples_begin_frozen BEFORE INSERT ON audit_samples
FOR EACH ROW EXECUTE FUNCTION keep_samples();

CREATE TRIGGER audit_samples_kept BEFORE UPDATE ON audit_samples
FOR EACH ROW EXECUTE FUNCTION keep_samples();

CREATE TRIGGER audit_samples_no_delete BEFORE DELETE ON audit_samples
FOR EACH ROW EXECUTE FUNCTION keep_samples();

CREATE TRIGGER audit_samples_no_truncate BEFORE TRUNCATE ON audit_samples
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_sample_strata_while_frozen BEFORE INSERT ON audit_sample_strata
FOR EACH ROW EXECUTE FUNCTION keep_sample_parts();

CREATE TRIGGER audit_sample_items_while_frozen BEFORE INSERT ON audit_sample_items
FOR EACH ROW EXECUTE FUNCTION keep_sample_parts();

CREATE TRIGGER audit_sample_papers_while_drawn BEFORE INSERT ON audit_sample_papers
FOR EACH ROW EXECUTE FUNCTION keep_sample_parts();

CREATE TRIGGER audit_sample_strata_no_update BEFORE UPDATE ON audit_sample_strata
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_sample_strata_no_delete BEFORE DELETE ON audit_sample_strata
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_sample_strata_no_truncate BEFORE TRUNCATE ON audit_sample_strata
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_sample_items_no_update BEFORE UPDATE ON audit_sample_items
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_sample_items_no_delete BEFORE DELETE ON audit_sample_items
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_sample_items_no_truncate BEFORE TRUNCATE ON audit_sample_items
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_sample_papers_no_update BEFORE UPDATE ON audit_sample_papers
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_sample_papers_no_delete BEFORE DELETE ON audit_sample_papers
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_sample_papers_no_truncate BEFORE TRUNCATE ON audit_sample_papers
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
