-- Rules of a fund begin with a confirmed proposal, not in the past, and stay. A request is approved
-- for a district and a purpose that they allow, and zakat for children whose zakat group is on file
-- with the consent to it.
--
-- Ages, target groups and which zakat group it is are encrypted: the database cannot see them. The
-- check disbursements.fund-rules computes them again (fundapp/disbursements/verification.py).

CREATE TRIGGER fund_rules_confirmed BEFORE INSERT ON fund_rules
WHEN NOT EXISTS (
    SELECT 1 FROM fund_rules
    WHERE id = NEW.id OR proposal_id = NEW.proposal_id
        OR (fund_code = NEW.fund_code AND starts_on = NEW.starts_on)
) BEGIN
    SELECT RAISE(ABORT, 'two people confirm rules of a fund, which begin today or later')
    WHERE NEW.starts_on < date(NEW.recorded_at, '+7 hours') OR NOT EXISTS (
        SELECT 1 FROM proposals WHERE id = NEW.proposal_id AND kind = 'fund-rules'
            AND subject = NEW.fund_code
            AND status = 'confirmed' AND decided_by_id = NEW.confirmed_by_id
    );
END;

CREATE TRIGGER fund_rule_values_fit BEFORE INSERT ON fund_rule_values BEGIN
    SELECT RAISE(ABORT, 'the rules have so many values')
    WHERE (SELECT count(*) FROM fund_rule_values WHERE rules_id = NEW.rules_id)
        >= (SELECT value_count FROM fund_rules WHERE id = NEW.rules_id)
        AND NOT EXISTS (
            SELECT 1 FROM fund_rule_values
            WHERE rules_id = NEW.rules_id AND aspect = NEW.aspect AND value = NEW.value
        );
    SELECT RAISE(ABORT, 'rules name districts that there are')
    WHERE NEW.aspect = 'district' AND NOT EXISTS (SELECT 1 FROM districts WHERE code = NEW.value);
    SELECT RAISE(ABORT, 'only a zakat fund has rules on zakat groups')
    WHERE NEW.aspect = 'zakat' AND NOT EXISTS (
        SELECT 1 FROM fund_rules AS r JOIN funds AS f ON f.code = r.fund_code
        WHERE r.id = NEW.rules_id AND f.restriction = 'zakat'
    );
END;

CREATE TRIGGER fund_rules_no_update BEFORE UPDATE ON fund_rules
BEGIN SELECT RAISE(ABORT, 'fund_rules is append-only'); END;

CREATE TRIGGER fund_rules_no_delete BEFORE DELETE ON fund_rules
BEGIN SELECT RAISE(ABORT, 'fund_rules is append-only'); END;

CREATE TRIGGER fund_rule_values_no_update BEFORE UPDATE ON fund_rule_values
BEGIN SELECT RAISE(ABORT, 'fund_rule_values is append-only'); END;

CREATE TRIGGER fund_rule_values_no_delete BEFORE DELETE ON fund_rule_values
BEGIN SELECT RAISE(ABORT, 'fund_rule_values is append-only'); END;

CREATE TRIGGER disbursement_requests_within_fund_rules BEFORE UPDATE ON disbursement_requests
WHEN NEW.status IN ('approved', 'paid', 'confirmed', 'problem')
    AND OLD.status NOT IN ('approved', 'paid', 'confirmed', 'problem')
BEGIN
    SELECT RAISE(ABORT, 'the rules of the fund do not allow this district or purpose')
    WHERE EXISTS (
        SELECT 1 FROM fund_rule_values AS v
        WHERE v.rules_id = (
            SELECT id FROM fund_rules WHERE fund_code = NEW.fund_code AND starts_on <= (
                SELECT date(max(decided_at), '+7 hours') FROM approvals WHERE request_id = NEW.id
            ) ORDER BY starts_on DESC LIMIT 1
        )
        GROUP BY v.aspect
        HAVING v.aspect = 'district' AND sum(v.value = NEW.district_code) = 0
            OR v.aspect = 'need' AND sum(v.value = NEW.need) = 0
    );
    SELECT RAISE(ABORT, 'zakat is for children whose zakat group is on file and consented to')
    WHERE EXISTS (
        SELECT 1 FROM funds WHERE code = NEW.fund_code AND restriction = 'zakat'
    ) AND EXISTS (
        SELECT 1 FROM request_lines AS l WHERE l.request_id = NEW.id AND (
            NOT EXISTS (
                SELECT 1 FROM case_entries AS e WHERE e.child_id = l.child_id AND e.kind = 'zakat'
            ) OR NOT EXISTS (
                SELECT 1 FROM consents AS s WHERE s.child_id = l.child_id AND s.kind = 'zakat'
                    AND (s.withdrawn_on IS NULL OR s.withdrawn_on > (
                        SELECT date(max(decided_at), '+7 hours')
                        FROM approvals WHERE request_id = NEW.id
                    ))
            )
        )
    );
END;

CREATE TRIGGER fund_rules_no_replace BEFORE INSERT ON fund_rules BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: fund_rules.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM fund_rules WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: fund_rules.proposal_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM fund_rules WHERE proposal_id = NEW.proposal_id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: fund_rules.fund_code, fund_rules.starts_on (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM fund_rules WHERE fund_code = NEW.fund_code AND starts_on = NEW.starts_on
    );
END;

CREATE TRIGGER fund_rule_values_no_replace BEFORE INSERT ON fund_rule_values BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: fund_rule_values.rules_id, fund_rule_values.aspect, fund_rule_values.value (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM fund_rule_values
        WHERE rules_id = NEW.rules_id AND aspect = NEW.aspect AND value = NEW.value
    );
END;
