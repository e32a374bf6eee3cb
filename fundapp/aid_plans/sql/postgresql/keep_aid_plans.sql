-- Conditions of aid rest on a confirmed proposal. A plan has the conditions of its day, its requests one
-- asker and one need. A condition is shown and accepted by two people and never by who asked alone; a
-- waiver is of two approvers, of whom none asked. No instalment is paid, or put into a batch, before its
-- day, nor while a condition is neither met nor waived. The same in Python: fundapp/aid_plans/queries.py.
-- The function refuse_change is in fundapp/db/sql/postgresql/refuse_change.sql.

CREATE OR REPLACE FUNCTION require_confirmed_aid_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.starts_on < (NEW.recorded_at AT TIME ZONE 'Asia/Bangkok')::date OR NOT EXISTS (
        SELECT 1 FROM proposals WHERE id = NEW.proposal_id AND kind = 'aid-rules'
            AND status = 'confirmed' AND decided_by_id = NEW.confirmed_by_id
            AND subject = NEW.need || ' ' || to_char(NEW.starts_on, 'YYYY-MM-DD')
    ) THEN
        RAISE EXCEPTION 'two people confirm conditions of aid, which begin today or later'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION require_fitting_term() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM aid_terms WHERE rules_id = NEW.rules_id)
        >= (SELECT term_count FROM aid_rules WHERE id = NEW.rules_id) THEN
        RAISE EXCEPTION 'the rules have so many conditions' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION require_instalment_of_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM aid_plans AS p JOIN disbursement_requests AS r ON r.id = NEW.request_id
        WHERE p.id = NEW.plan_id AND r.requested_by_id = p.asked_by_id AND r.status = 'submitted'
            AND p.rules_id IS NOT DISTINCT FROM (
                SELECT a.id FROM aid_rules AS a
                WHERE a.need = r.need
                    AND a.starts_on <= (p.made_at AT TIME ZONE 'Asia/Bangkok')::date
                ORDER BY a.starts_on DESC LIMIT 1
            )
    ) THEN
        RAISE EXCEPTION 'instalments wait for a decision, of one asker, with the conditions of their day'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION keep_aid_facts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.decided_at IS NOT NULL THEN
            RAISE EXCEPTION 'what shows a condition is decided on afterwards'
                USING ERRCODE = 'check_violation';
        END IF;
    ELSIF OLD.decided_at IS NOT NULL OR (
        NEW.id, NEW.public_id, NEW.request_id, NEW.kind, NEW.percent, NEW.document_id,
        NEW.recorded_by_id, NEW.recorded_at
    ) IS DISTINCT FROM (
        OLD.id, OLD.public_id, OLD.request_id, OLD.kind, OLD.percent, OLD.document_id,
        OLD.recorded_by_id, OLD.recorded_at
    ) OR NEW.decided_by_id IN (
        SELECT p.asked_by_id FROM aid_instalments AS i JOIN aid_plans AS p ON p.id = i.plan_id
        WHERE i.request_id = NEW.request_id
    ) THEN
        RAISE EXCEPTION 'what shows a condition is decided on once, not by who asked'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION keep_aid_waivers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asker CONSTANT bigint := (
        SELECT p.asked_by_id FROM aid_instalments AS i JOIN aid_plans AS p ON p.id = i.plan_id
        WHERE i.request_id = NEW.request_id
    );
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.second_at IS NOT NULL OR NEW.first_by_id = asker THEN
            RAISE EXCEPTION 'a waiver is asked for first, not by who asked for the aid'
                USING ERRCODE = 'check_violation';
        END IF;
    ELSIF OLD.second_at IS NOT NULL OR (
        NEW.request_id, NEW.kind, NEW.reason_digest, NEW.first_by_id, NEW.first_at
    ) IS DISTINCT FROM (
        OLD.request_id, OLD.kind, OLD.reason_digest, OLD.first_by_id, OLD.first_at
    ) OR NEW.second_by_id = asker THEN
        RAISE EXCEPTION 'a waiver is agreed to once, not by who asked for the aid'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION refuse_held_instalment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    pay_day date;
BEGIN
    IF TG_TABLE_NAME = 'payouts' THEN
        IF EXISTS (
            SELECT 1 FROM payout_batch_lines AS b
            WHERE b.request_id = NEW.request_id AND b.state = 'paid'
        ) THEN
            RETURN NEW;
        END IF;
        pay_day := (to_jsonb(NEW) ->> 'paid_on')::date;
    ELSE
        pay_day := (
            SELECT b.pay_on FROM payout_batches AS b
            WHERE b.id = (to_jsonb(NEW) ->> 'batch_id')::bigint
        );
    END IF;
    IF EXISTS (
        SELECT 1 FROM aid_instalments WHERE request_id = NEW.request_id AND due_on > pay_day
    ) OR EXISTS (
    SELECT 1 FROM aid_instalments AS i
    JOIN aid_plans AS p ON p.id = i.plan_id
    JOIN aid_terms AS t ON t.rules_id = p.rules_id
    WHERE i.request_id = NEW.request_id AND i.number > 1
        AND NOT EXISTS (
            SELECT 1 FROM aid_facts AS f
            WHERE f.request_id = i.request_id AND f.kind = t.kind AND f.is_accepted = true
                AND coalesce(f.percent, 0) >= coalesce(t.percent, 0)
        )
        AND NOT EXISTS (
            SELECT 1 FROM aid_waivers AS w
            WHERE w.request_id = i.request_id AND w.kind = t.kind AND w.second_by_id IS NOT NULL
        )
        AND NOT (t.kind = 'proof' AND EXISTS (
            SELECT 1 FROM aid_instalments AS e
            JOIN disbursement_requests AS r ON r.id = e.request_id
            WHERE e.plan_id = i.plan_id AND e.number = i.number - 1 AND r.status = 'confirmed'
        ))
    ) THEN
        RAISE EXCEPTION 'the instalment is held' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER aid_rules_confirmed BEFORE INSERT ON aid_rules
FOR EACH ROW EXECUTE FUNCTION require_confirmed_aid_rules();

CREATE TRIGGER aid_terms_fit BEFORE INSERT ON aid_terms
FOR EACH ROW EXECUTE FUNCTION require_fitting_term();

CREATE TRIGGER aid_instalments_of_plan BEFORE INSERT ON aid_instalments
FOR EACH ROW EXECUTE FUNCTION require_instalment_of_plan();

CREATE TRIGGER aid_facts_kept BEFORE INSERT OR UPDATE ON aid_facts
FOR EACH ROW EXECUTE FUNCTION keep_aid_facts();

CREATE TRIGGER aid_waivers_kept BEFORE INSERT OR UPDATE ON aid_waivers
FOR EACH ROW EXECUTE FUNCTION keep_aid_waivers();

CREATE TRIGGER payouts_keep_conditions BEFORE INSERT ON payouts
FOR EACH ROW EXECUTE FUNCTION refuse_held_instalment();

CREATE TRIGGER payout_batch_lines_keep_conditions BEFORE INSERT ON payout_batch_lines
FOR EACH ROW EXECUTE FUNCTION refuse_held_instalment();

CREATE TRIGGER aid_rules_no_update BEFORE UPDATE ON aid_rules
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER aid_rules_no_delete BEFORE DELETE ON aid_rules
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER aid_rules_no_truncate BEFORE TRUNCATE ON aid_rules
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER aid_terms_no_update BEFORE UPDATE ON aid_terms
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER aid_terms_no_delete BEFORE DELETE ON aid_terms
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER aid_terms_no_truncate BEFORE TRUNCATE ON aid_terms
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER aid_plans_no_update BEFORE UPDATE ON aid_plans
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER aid_plans_no_delete BEFORE DELETE ON aid_plans
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER aid_plans_no_truncate BEFORE TRUNCATE ON aid_plans
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER aid_instalments_no_update BEFORE UPDATE ON aid_instalments
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER aid_instalments_no_delete BEFORE DELETE ON aid_instalments
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER aid_instalments_no_truncate BEFORE TRUNCATE ON aid_instalments
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER aid_facts_no_delete BEFORE DELETE ON aid_facts
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER aid_facts_no_truncate BEFORE TRUNCATE ON aid_facts
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER aid_waivers_no_delete BEFORE DELETE ON aid_waivers
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER aid_waivers_no_truncate BEFORE TRUNCATE ON aid_waivers
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
