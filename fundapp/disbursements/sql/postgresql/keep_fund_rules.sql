-- Rules of a fund begin with a confirmed proposal, not in the past, and stay. A request is approved
-- for a district and a purpose that they allow, and zakat for children whose zakat group is on file
-- with the consent to it.
--
-- Ages, target groups and which zakat group it is are encrypted: the database cannot see them. The
-- check disbursements.fund-rules computes them again (fundapp/disbursements/verification.py).

CREATE OR REPLACE FUNCTION require_confirmed_fund_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.starts_on < (NEW.recorded_at AT TIME ZONE 'Asia/Bangkok')::date OR NOT EXISTS (
        SELECT 1 FROM proposals WHERE id = NEW.proposal_id AND kind = 'fund-rules'
            AND subject = NEW.fund_code
            AND status = 'confirmed' AND decided_by_id = NEW.confirmed_by_id
    ) THEN
        RAISE EXCEPTION 'two people confirm rules of a fund, which begin today or later'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION require_fitting_rule_value() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM fund_rule_values WHERE rules_id = NEW.rules_id)
        >= (SELECT value_count FROM fund_rules WHERE id = NEW.rules_id) THEN
        RAISE EXCEPTION 'the rules have so many values' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.aspect = 'district'
        AND NOT EXISTS (SELECT 1 FROM districts WHERE code = NEW.value) THEN
        RAISE EXCEPTION 'rules name districts that there are' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.aspect = 'zakat' AND NOT EXISTS (
        SELECT 1 FROM fund_rules AS r JOIN funds AS f ON f.code = r.fund_code
        WHERE r.id = NEW.rules_id AND f.restriction = 'zakat'
    ) THEN
        RAISE EXCEPTION 'only a zakat fund has rules on zakat groups'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION require_fund_rules() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    on_day date;
    counting bigint;
BEGIN
    IF NEW.status NOT IN ('approved', 'paid', 'confirmed', 'problem')
        OR OLD.status IN ('approved', 'paid', 'confirmed', 'problem') THEN
        RETURN NEW;
    END IF;
    SELECT (max(decided_at) AT TIME ZONE 'Asia/Bangkok')::date INTO on_day
    FROM approvals WHERE request_id = NEW.id;
    SELECT id INTO counting FROM fund_rules
    WHERE fund_code = NEW.fund_code AND starts_on <= on_day ORDER BY starts_on DESC LIMIT 1;
    IF EXISTS (
        SELECT 1 FROM fund_rule_values AS v WHERE v.rules_id = counting
        GROUP BY v.aspect
        HAVING v.aspect = 'district' AND NOT bool_or(v.value = NEW.district_code)
            OR v.aspect = 'need' AND NOT bool_or(v.value = NEW.need)
    ) THEN
        RAISE EXCEPTION 'the rules of the fund do not allow this district or purpose'
            USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM funds WHERE code = NEW.fund_code AND restriction = 'zakat'
    ) AND EXISTS (
        SELECT 1 FROM request_lines AS l WHERE l.request_id = NEW.id AND (
            NOT EXISTS (
                SELECT 1 FROM case_entries AS e WHERE e.child_id = l.child_id AND e.kind = 'zakat'
            ) OR NOT EXISTS (
                SELECT 1 FROM consents AS s WHERE s.child_id = l.child_id AND s.kind = 'zakat'
                    AND (s.withdrawn_on IS NULL OR s.withdrawn_on > on_day)
            )
        )
    ) THEN
        RAISE EXCEPTION 'zakat is for children whose zakat group is on file and consented to'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER fund_rules_confirmed BEFORE INSERT ON fund_rules
FOR EACH ROW EXECUTE FUNCTION require_confirmed_fund_rules();

CREATE TRIGGER fund_rule_values_fit BEFORE INSERT ON fund_rule_values
FOR EACH ROW EXECUTE FUNCTION require_fitting_rule_value();

CREATE TRIGGER disbursement_requests_within_fund_rules BEFORE UPDATE ON disbursement_requests
FOR EACH ROW EXECUTE FUNCTION require_fund_rules();

CREATE TRIGGER fund_rules_append_only BEFORE DELETE OR UPDATE ON fund_rules
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER fund_rules_no_truncate BEFORE TRUNCATE ON fund_rules
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER fund_rule_values_append_only BEFORE DELETE OR UPDATE ON fund_rule_values
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER fund_rule_values_no_truncate BEFORE TRUNCATE ON fund_rule_values
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
