-- A finding stays as it was found. Its state is that of its last step, its due date changes only when
-- it is reopened, and what was published of it stays. Steps and evidence stay.

CREATE TRIGGER audit_findings_begin_open BEFORE INSERT ON audit_findings
WHEN NEW.status <> 'open' AND NOT EXISTS (SELECT 1 FROM audit_findings WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a finding begins open'); END;

CREATE TRIGGER audit_findings_no_delete BEFORE DELETE ON audit_findings
BEGIN SELECT RAISE(ABORT, 'findings are kept'); END;

CREATE TRIGGER audit_findings_kept BEFORE UPDATE ON audit_findings
WHEN (
    NEW.id, NEW.severity, NEW.title, NEW.criteria_digest, NEW.condition_digest, NEW.cause_digest,
    NEW.effect_digest, NEW.owner, NEW.made_by, NEW.made_at, NEW.idempotency_key
) IS NOT (
    OLD.id, OLD.severity, OLD.title, OLD.criteria_digest, OLD.condition_digest, OLD.cause_digest,
    OLD.effect_digest, OLD.owner, OLD.made_by, OLD.made_at, OLD.idempotency_key
) OR (
    OLD.released_at IS NOT NULL
    AND (NEW.summary, NEW.released_at, NEW.released_by)
        IS NOT (OLD.summary, OLD.released_at, OLD.released_by)
) OR ((NEW.status, NEW.due_on) IS NOT (OLD.status, OLD.due_on) AND NOT EXISTS (
    SELECT 1 FROM audit_finding_steps step WHERE step.finding_id = NEW.id
        AND step.status = NEW.status AND coalesce(step.due_on, OLD.due_on) = NEW.due_on
        AND step.number = (SELECT max(number) FROM audit_finding_steps WHERE finding_id = NEW.id)
))
BEGIN SELECT RAISE(ABORT, 'findings are kept as found, in the state of their last step'); END;

CREATE TRIGGER audit_finding_steps_in_order BEFORE INSERT ON audit_finding_steps
WHEN NOT EXISTS (
    SELECT 1 FROM audit_finding_steps WHERE finding_id = NEW.finding_id AND number = NEW.number
) AND (NEW.number IS NOT (
    SELECT 1 + count(*) FROM audit_finding_steps WHERE finding_id = NEW.finding_id
) OR (
    (SELECT status FROM audit_findings WHERE id = NEW.finding_id), NEW.status
) NOT IN (VALUES
    ('open', 'answered'), ('reopened', 'answered'), ('answered', 'closed'), ('answered', 'reopened'),
    ('closed', 'reopened')
))
BEGIN SELECT RAISE(ABORT, 'the state of the finding does not allow it'); END;

CREATE TRIGGER audit_finding_steps_no_update BEFORE UPDATE ON audit_finding_steps
BEGIN SELECT RAISE(ABORT, 'audit_finding_steps is append-only'); END;

CREATE TRIGGER audit_finding_steps_no_delete BEFORE DELETE ON audit_finding_steps
BEGIN SELECT RAISE(ABORT, 'audit_finding_steps is append-only'); END;

CREATE TRIGGER audit_finding_evidence_no_update BEFORE UPDATE ON audit_finding_evidence
BEGIN SELECT RAISE(ABORT, 'audit_finding_evidence is append-only'); END;

CREATE TRIGGER audit_finding_evidence_no_delete BEFORE DELETE ON audit_finding_evidence
BEGIN SELECT RAISE(ABORT, 'audit_finding_evidence is append-only'); END;

-- INSERT OR REPLACE removes no row: fundapp/ledger/sql/sqlite/refuse_replacing.sql.
CREATE TRIGGER audit_findings_no_replace BEFORE INSERT ON audit_findings
WHEN EXISTS (
    SELECT 1 FROM audit_findings WHERE id = NEW.id OR idempotency_key = NEW.idempotency_key
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: audit_findings (no row is replaced)'); END;

CREATE TRIGGER audit_finding_steps_no_replace BEFORE INSERT ON audit_finding_steps
WHEN EXISTS (
    SELECT 1 FROM audit_finding_steps WHERE finding_id = NEW.finding_id AND number = NEW.number
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: audit_finding_steps (no row is replaced)'); END;

CREATE TRIGGER audit_finding_evidence_no_replace BEFORE INSERT ON audit_finding_evidence
WHEN EXISTS (
    SELECT 1 FROM audit_finding_evidence WHERE finding_id = NEW.finding_id AND number = NEW.number
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: audit_finding_evidence (no row is replaced)'); END;
