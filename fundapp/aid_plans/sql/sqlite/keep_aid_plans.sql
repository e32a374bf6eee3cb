-- Conditions of aid rest on a confirmed proposal. A plan has the conditions of its day, its requests one
-- asker and one need. A condition is shown and accepted by two people and never by who asked alone; a
-- waiver is of two approvers, of whom none asked. No instalment is paid, or put into a batch, before its
-- day, nor while a condition is neither met nor waived. The same in Python: fundapp/aid_plans/queries.py.

CREATE TRIGGER aid_rules_confirmed BEFORE INSERT ON aid_rules
WHEN NEW.starts_on < date(NEW.recorded_at, '+7 hours') OR NOT EXISTS (
    SELECT 1 FROM proposals WHERE id = NEW.proposal_id AND kind = 'aid-rules'
        AND status = 'confirmed' AND decided_by_id = NEW.confirmed_by_id
        AND subject = NEW.need || ' ' || NEW.starts_on
)
BEGIN SELECT RAISE(ABORT, 'two people confirm conditions of aid, which begin today or later'); END;

CREATE TRIGGER aid_terms_fit BEFORE INSERT ON aid_terms
WHEN (SELECT count(*) FROM aid_terms WHERE rules_id = NEW.rules_id AND kind <> NEW.kind)
    >= (SELECT term_count FROM aid_rules WHERE id = NEW.rules_id)
BEGIN SELECT RAISE(ABORT, 'the rules have so many conditions'); END;

CREATE TRIGGER aid_instalments_of_plan BEFORE INSERT ON aid_instalments
WHEN NOT EXISTS (
    SELECT 1 FROM aid_plans AS p JOIN disbursement_requests AS r ON r.id = NEW.request_id
    WHERE p.id = NEW.plan_id AND r.requested_by_id = p.asked_by_id AND r.status = 'submitted'
        AND p.rules_id IS (
            SELECT id FROM aid_rules
            WHERE need = r.need AND starts_on <= date(p.made_at, '+7 hours')
            ORDER BY starts_on DESC LIMIT 1
        )
) AND NOT EXISTS (SELECT 1 FROM aid_instalments WHERE request_id = NEW.request_id)
BEGIN SELECT RAISE(ABORT, 'instalments wait for a decision, of one asker, with the conditions of their day'); END;

CREATE TRIGGER aid_facts_begin BEFORE INSERT ON aid_facts
WHEN NEW.decided_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM aid_facts WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'what shows a condition is decided on afterwards'); END;

CREATE TRIGGER aid_facts_decided_once BEFORE UPDATE ON aid_facts
WHEN OLD.decided_at IS NOT NULL OR (
    NEW.id, NEW.public_id, NEW.request_id, NEW.kind, NEW.percent, NEW.document_id,
    NEW.recorded_by_id, NEW.recorded_at
) IS NOT (
    OLD.id, OLD.public_id, OLD.request_id, OLD.kind, OLD.percent, OLD.document_id,
    OLD.recorded_by_id, OLD.recorded_at
) OR NEW.decided_by_id IN (
    SELECT p.asked_by_id FROM aid_instalments AS i JOIN aid_plans AS p ON p.id = i.plan_id
    WHERE i.request_id = NEW.request_id
)
BEGIN SELECT RAISE(ABORT, 'what shows a condition is decided on once, not by who asked'); END;

CREATE TRIGGER aid_waivers_begin BEFORE INSERT ON aid_waivers
WHEN (NEW.second_at IS NOT NULL OR NEW.first_by_id IN (
    SELECT p.asked_by_id FROM aid_instalments AS i JOIN aid_plans AS p ON p.id = i.plan_id
    WHERE i.request_id = NEW.request_id
)) AND NOT EXISTS (
    SELECT 1 FROM aid_waivers WHERE request_id = NEW.request_id AND kind = NEW.kind
)
BEGIN SELECT RAISE(ABORT, 'a waiver is asked for first, not by who asked for the aid'); END;

CREATE TRIGGER aid_waivers_agreed_once BEFORE UPDATE ON aid_waivers
WHEN OLD.second_at IS NOT NULL OR (
    NEW.request_id, NEW.kind, NEW.reason_digest, NEW.first_by_id, NEW.first_at
) IS NOT (
    OLD.request_id, OLD.kind, OLD.reason_digest, OLD.first_by_id, OLD.first_at
) OR NEW.second_by_id IN (
    SELECT p.asked_by_id FROM aid_instalments AS i JOIN aid_plans AS p ON p.id = i.plan_id
    WHERE i.request_id = NEW.request_id
)
BEGIN SELECT RAISE(ABORT, 'a waiver is agreed to once, not by who asked for the aid'); END;

CREATE TRIGGER payouts_keep_conditions BEFORE INSERT ON payouts
WHEN NOT EXISTS (
    SELECT 1 FROM payout_batch_lines AS b WHERE b.request_id = NEW.request_id AND b.state = 'paid'
) AND (EXISTS (
    SELECT 1 FROM aid_instalments WHERE request_id = NEW.request_id AND due_on > NEW.paid_on
) OR EXISTS (
    SELECT 1 FROM aid_instalments AS i
    JOIN aid_plans AS p ON p.id = i.plan_id
    JOIN aid_terms AS t ON t.rules_id = p.rules_id
    WHERE i.request_id = NEW.request_id AND i.number > 1
        AND NOT EXISTS (
            SELECT 1 FROM aid_facts AS f
            WHERE f.request_id = i.request_id AND f.kind = t.kind AND f.is_accepted = 1
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
))
BEGIN SELECT RAISE(ABORT, 'the instalment is held'); END;

CREATE TRIGGER payout_batch_lines_keep_conditions BEFORE INSERT ON payout_batch_lines
WHEN EXISTS (
    SELECT 1 FROM aid_instalments AS a JOIN payout_batches AS b ON b.id = NEW.batch_id
    WHERE a.request_id = NEW.request_id AND a.due_on > b.pay_on
) OR EXISTS (
    SELECT 1 FROM aid_instalments AS i
    JOIN aid_plans AS p ON p.id = i.plan_id
    JOIN aid_terms AS t ON t.rules_id = p.rules_id
    WHERE i.request_id = NEW.request_id AND i.number > 1
        AND NOT EXISTS (
            SELECT 1 FROM aid_facts AS f
            WHERE f.request_id = i.request_id AND f.kind = t.kind AND f.is_accepted = 1
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
)
BEGIN SELECT RAISE(ABORT, 'the instalment is held'); END;

CREATE TRIGGER aid_rules_no_update BEFORE UPDATE ON aid_rules
BEGIN SELECT RAISE(ABORT, 'aid_rules is append-only'); END;

CREATE TRIGGER aid_rules_no_delete BEFORE DELETE ON aid_rules
BEGIN SELECT RAISE(ABORT, 'aid_rules is append-only'); END;

CREATE TRIGGER aid_terms_no_update BEFORE UPDATE ON aid_terms
BEGIN SELECT RAISE(ABORT, 'aid_terms is append-only'); END;

CREATE TRIGGER aid_terms_no_delete BEFORE DELETE ON aid_terms
BEGIN SELECT RAISE(ABORT, 'aid_terms is append-only'); END;

CREATE TRIGGER aid_plans_no_update BEFORE UPDATE ON aid_plans
BEGIN SELECT RAISE(ABORT, 'aid_plans is append-only'); END;

CREATE TRIGGER aid_plans_no_delete BEFORE DELETE ON aid_plans
BEGIN SELECT RAISE(ABORT, 'aid_plans is append-only'); END;

CREATE TRIGGER aid_instalments_no_update BEFORE UPDATE ON aid_instalments
BEGIN SELECT RAISE(ABORT, 'aid_instalments is append-only'); END;

CREATE TRIGGER aid_instalments_no_delete BEFORE DELETE ON aid_instalments
BEGIN SELECT RAISE(ABORT, 'aid_instalments is append-only'); END;

CREATE TRIGGER aid_facts_no_delete BEFORE DELETE ON aid_facts
BEGIN SELECT RAISE(ABORT, 'aid_facts is append-only'); END;

CREATE TRIGGER aid_waivers_no_delete BEFORE DELETE ON aid_waivers
BEGIN SELECT RAISE(ABORT, 'aid_waivers is append-only'); END;
