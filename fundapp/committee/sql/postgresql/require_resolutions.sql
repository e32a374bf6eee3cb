-- From the amount of the rule in force on its day (of Thailand) a request is approved with a
-- resolution on its facts, which the payment cites; what the committee refused is not approved, and
-- no member who declared an interest decides. Rules and citations stay.

CREATE OR REPLACE FUNCTION require_resolution() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.decision = 'approve' AND (
            SELECT total_satang FROM disbursement_requests WHERE id = NEW.request_id
        ) >= (
            SELECT from_satang FROM committee_rules
            WHERE starts_on <= (NEW.decided_at AT TIME ZONE 'Asia/Bangkok')::date
            ORDER BY starts_on DESC LIMIT 1
        ) AND NOT EXISTS (
            SELECT 1 FROM committee_items i JOIN committee_resolutions d ON d.item_id = i.id
            WHERE i.request_id = NEW.request_id AND i.facts_sha256 = NEW.facts_sha256
                AND d.outcome = 'approve'
        )
    THEN
        RAISE EXCEPTION 'a request of this amount needs a resolution of the committee on its facts'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.decision = 'approve' AND 'reject' = (
            SELECT d.outcome FROM committee_items i JOIN committee_resolutions d ON d.item_id = i.id
            WHERE i.request_id = NEW.request_id AND i.facts_sha256 = NEW.facts_sha256
                AND d.outcome <> 'postpone'
            ORDER BY d.fiscal_year DESC, d.number DESC LIMIT 1
        )
    THEN
        RAISE EXCEPTION 'what the committee refused is not approved'
            USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
            SELECT 1 FROM committee_items i JOIN committee_recusals c ON c.item_id = i.id
            WHERE i.request_id = NEW.request_id AND c.user_id = NEW.approver_id
        )
    THEN
        RAISE EXCEPTION 'a member who declared an interest does not decide on the request'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER approvals_need_resolution BEFORE INSERT ON approvals
FOR EACH ROW EXECUTE FUNCTION require_resolution();

CREATE OR REPLACE FUNCTION require_citation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.amount_satang >= (
            SELECT r.from_satang FROM committee_rules r JOIN approvals a ON a.id = NEW.approval_id
            WHERE r.starts_on <= (a.decided_at AT TIME ZONE 'Asia/Bangkok')::date
            ORDER BY r.starts_on DESC LIMIT 1
        ) AND NOT EXISTS (
            SELECT 1 FROM resolution_citations WHERE approval_id = NEW.approval_id
        )
    THEN
        RAISE EXCEPTION 'a payment of this amount cites a resolution of the committee'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER payouts_cite_resolution BEFORE INSERT ON payouts
FOR EACH ROW EXECUTE FUNCTION require_citation();

CREATE OR REPLACE FUNCTION check_resolution_citation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM approvals a
        JOIN committee_items i ON i.request_id = a.request_id AND i.facts_sha256 = a.facts_sha256
        JOIN committee_resolutions d ON d.item_id = i.id
        WHERE a.id = NEW.approval_id AND i.id = NEW.item_id
            AND a.decision = 'approve' AND d.outcome = 'approve'
    ) THEN
        RAISE EXCEPTION 'an approval cites a resolution that approves its facts'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER resolution_citations_fit BEFORE INSERT ON resolution_citations
FOR EACH ROW EXECUTE FUNCTION check_resolution_citation();

CREATE OR REPLACE FUNCTION check_committee_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.starts_on <= (NEW.recorded_at AT TIME ZONE 'Asia/Bangkok')::date THEN
        RAISE EXCEPTION 'a rule begins after the day on which it is recorded'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER committee_rules_begin_later BEFORE INSERT ON committee_rules
FOR EACH ROW EXECUTE FUNCTION check_committee_rule();

CREATE TRIGGER committee_rules_no_update BEFORE UPDATE ON committee_rules
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER committee_rules_no_delete BEFORE DELETE ON committee_rules
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER committee_rules_no_truncate BEFORE TRUNCATE ON committee_rules
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER resolution_citations_no_update BEFORE UPDATE ON resolution_citations
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER resolution_citations_no_delete BEFORE DELETE ON resolution_citations
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER resolution_citations_no_truncate BEFORE TRUNCATE ON resolution_citations
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
