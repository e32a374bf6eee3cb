-- INSERT OR REPLACE removes no row; see fundapp/ledger/sql/sqlite/refuse_replacing.sql.

CREATE TRIGGER aid_rules_no_replace BEFORE INSERT ON aid_rules
WHEN EXISTS (
    SELECT 1 FROM aid_rules WHERE id = NEW.id
        OR proposal_id = NEW.proposal_id
        OR need = NEW.need AND starts_on = NEW.starts_on
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: aid_rules (no row is replaced)'); END;

CREATE TRIGGER aid_terms_no_replace BEFORE INSERT ON aid_terms
WHEN EXISTS (
    SELECT 1 FROM aid_terms WHERE rules_id = NEW.rules_id AND kind = NEW.kind
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: aid_terms (no row is replaced)'); END;

CREATE TRIGGER aid_plans_no_replace BEFORE INSERT ON aid_plans
WHEN EXISTS (
    SELECT 1 FROM aid_plans WHERE id = NEW.id
        OR public_id = NEW.public_id
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: aid_plans (no row is replaced)'); END;

CREATE TRIGGER aid_instalments_no_replace BEFORE INSERT ON aid_instalments
WHEN EXISTS (
    SELECT 1 FROM aid_instalments WHERE request_id = NEW.request_id
        OR plan_id = NEW.plan_id AND number = NEW.number
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: aid_instalments (no row is replaced)'); END;

CREATE TRIGGER aid_facts_no_replace BEFORE INSERT ON aid_facts
WHEN EXISTS (
    SELECT 1 FROM aid_facts WHERE id = NEW.id
        OR public_id = NEW.public_id
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: aid_facts (no row is replaced)'); END;

CREATE TRIGGER aid_waivers_no_replace BEFORE INSERT ON aid_waivers
WHEN EXISTS (
    SELECT 1 FROM aid_waivers WHERE request_id = NEW.request_id AND kind = NEW.kind
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: aid_waivers (no row is replaced)'); END;
