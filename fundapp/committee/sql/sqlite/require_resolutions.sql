-- From the amount of the rule in force on its day (of Thailand) a request is approved with a
-- resolution on its facts, which the payment cites; what the committee refused is not approved, and
-- no member who declared an interest decides. Rules and citations stay.

CREATE TRIGGER approvals_need_resolution BEFORE INSERT ON approvals BEGIN
    SELECT RAISE(ABORT, 'a request of this amount needs a resolution of the committee on its facts') WHERE
        NEW.decision = 'approve' AND (
            SELECT total_satang FROM disbursement_requests WHERE id = NEW.request_id
        ) >= (
            SELECT from_satang FROM committee_rules
            WHERE starts_on <= date(NEW.decided_at, '+7 hours') ORDER BY starts_on DESC LIMIT 1
        ) AND NOT EXISTS (
            SELECT 1 FROM committee_items i JOIN committee_resolutions d ON d.item_id = i.id
            WHERE i.request_id = NEW.request_id AND i.facts_sha256 = NEW.facts_sha256
                AND d.outcome = 'approve'
        );
    SELECT RAISE(ABORT, 'what the committee refused is not approved') WHERE
        NEW.decision = 'approve' AND 'reject' = (
            SELECT d.outcome FROM committee_items i JOIN committee_resolutions d ON d.item_id = i.id
            WHERE i.request_id = NEW.request_id AND i.facts_sha256 = NEW.facts_sha256
                AND d.outcome <> 'postpone'
            ORDER BY d.fiscal_year DESC, d.number DESC LIMIT 1
        );
    SELECT RAISE(ABORT, 'a member who declared an interest does not decide on the request') WHERE
        EXISTS (
            SELECT 1 FROM committee_items i JOIN committee_recusals c ON c.item_id = i.id
            WHERE i.request_id = NEW.request_id AND c.user_id = NEW.approver_id
        );
END;

CREATE TRIGGER payouts_cite_resolution BEFORE INSERT ON payouts
WHEN NEW.amount_satang >= (
    SELECT r.from_satang FROM committee_rules r JOIN approvals a ON a.id = NEW.approval_id
    WHERE r.starts_on <= date(a.decided_at, '+7 hours') ORDER BY r.starts_on DESC LIMIT 1
) AND NOT EXISTS (SELECT 1 FROM resolution_citations WHERE approval_id = NEW.approval_id)
BEGIN SELECT RAISE(ABORT, 'a payment of this amount cites a resolution of the committee'); END;

CREATE TRIGGER resolution_citations_fit BEFORE INSERT ON resolution_citations
WHEN NOT EXISTS (
    SELECT 1 FROM approvals a
    JOIN committee_items i ON i.request_id = a.request_id AND i.facts_sha256 = a.facts_sha256
    JOIN committee_resolutions d ON d.item_id = i.id
    WHERE a.id = NEW.approval_id AND i.id = NEW.item_id
        AND a.decision = 'approve' AND d.outcome = 'approve'
)
BEGIN SELECT RAISE(ABORT, 'an approval cites a resolution that approves its facts'); END;

CREATE TRIGGER committee_rules_begin_later BEFORE INSERT ON committee_rules
WHEN NEW.starts_on <= date(NEW.recorded_at, '+7 hours')
BEGIN SELECT RAISE(ABORT, 'a rule begins after the day on which it is recorded'); END;

CREATE TRIGGER committee_rules_no_replace BEFORE INSERT ON committee_rules
WHEN EXISTS (
    SELECT 1 FROM committee_rules WHERE starts_on = NEW.starts_on OR proposal_id = NEW.proposal_id
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: committee_rules (no row is replaced)'); END;

CREATE TRIGGER resolution_citations_no_replace BEFORE INSERT ON resolution_citations
WHEN EXISTS (SELECT 1 FROM resolution_citations WHERE approval_id = NEW.approval_id)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: resolution_citations (no row is replaced)'); END;

CREATE TRIGGER committee_rules_no_update BEFORE UPDATE ON committee_rules
BEGIN SELECT RAISE(ABORT, 'committee_rules is append-only'); END;

CREATE TRIGGER committee_rules_no_delete BEFORE DELETE ON committee_rules
BEGIN SELECT RAISE(ABORT, 'committee_rules is append-only'); END;

CREATE TRIGGER resolution_citations_no_update BEFORE UPDATE ON resolution_citations
BEGIN SELECT RAISE(ABORT, 'resolution_citations is append-only'); END;

CREATE TRIGGER resolution_citations_no_delete BEFORE DELETE ON resolution_citations
BEGIN SELECT RAISE(ABORT, 'resolution_citations is append-only'); END;
