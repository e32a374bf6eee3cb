-- A finding stays as it was found. Its state is that of its last step, its due date changes only when
-- it is reopened, and what was published of it stays. Steps and evidence stay.

CREATE OR REPLACE FUNCTION keep_findings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'open' THEN
            RAISE EXCEPTION 'a finding begins open' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (
        NEW.id, NEW.severity, NEW.title, NEW.criteria_digest, NEW.condition_digest, NEW.cause_digest,
        NEW.effect_digest, NEW.owner, NEW.made_by, NEW.made_at, NEW.idempotency_key
    ) IS DISTINCT FROM (
        OLD.id, OLD.severity, OLD.title, OLD.criteria_digest, OLD.condition_digest, OLD.cause_digest,
        OLD.effect_digest, OLD.owner, OLD.made_by, OLD.made_at, OLD.idempotency_key
    ) OR (
        OLD.released_at IS NOT NULL
        AND (NEW.summary, NEW.released_at, NEW.released_by)
            IS DISTINCT FROM (OLD.summary, OLD.released_at, OLD.released_by)
    ) OR ((NEW.status, NEW.due_on) IS DISTINCT FROM (OLD.status, OLD.due_on) AND NOT EXISTS (
        SELECT 1 FROM audit_finding_steps step WHERE step.finding_id = NEW.id
            AND step.status = NEW.status AND coalesce(step.due_on, OLD.due_on) = NEW.due_on
            AND step.number = (SELECT max(number) FROM audit_finding_steps WHERE finding_id = NEW.id)
    )) THEN
        RAISE EXCEPTION 'findings are kept as found, in the state of their last step'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION keep_finding_steps() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE known text;
BEGIN
    SELECT status INTO known FROM audit_findings WHERE id = NEW.finding_id FOR UPDATE;
    IF NEW.number <> (
        SELECT 1 + count(*) FROM audit_finding_steps WHERE finding_id = NEW.finding_id
    ) OR known IS NULL OR (known, NEW.status) NOT IN (
        ('open', 'answered'), ('reopened', 'answered'), ('answered', 'closed'),
        ('answered', 'reopened'), ('closed', 'reopened')
    ) THEN
        RAISE EXCEPTION 'the state of the finding does not allow it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER audit_findings_begin_open BEFORE INSERT ON audit_findings
FOR EACH ROW EXECUTE FUNCTION keep_findings();

CREATE TRIGGER audit_findings_kept BEFORE UPDATE ON audit_findings
FOR EACH ROW EXECUTE FUNCTION keep_findings();

CREATE TRIGGER audit_findings_no_delete BEFORE DELETE ON audit_findings
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_findings_no_truncate BEFORE TRUNCATE ON audit_findings
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_finding_steps_in_order BEFORE INSERT ON audit_finding_steps
FOR EACH ROW EXECUTE FUNCTION keep_finding_steps();

CREATE TRIGGER audit_finding_steps_no_update BEFORE UPDATE ON audit_finding_steps
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_finding_steps_no_delete BEFORE DELETE ON audit_finding_steps
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_finding_steps_no_truncate BEFORE TRUNCATE ON audit_finding_steps
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_finding_evidence_no_update BEFORE UPDATE ON audit_finding_evidence
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_finding_evidence_no_delete BEFORE DELETE ON audit_finding_evidence
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_finding_evidence_no_truncate BEFORE TRUNCATE ON audit_finding_evidence
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
