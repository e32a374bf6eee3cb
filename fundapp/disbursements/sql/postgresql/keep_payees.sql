-- Somebody on no file of the children is paid with a reason and by two approvers; neither pays. By
-- what a payee is found again changes only while the request is returned.
--
-- Two approvers: the last two versions were approved, as policy.current_approvers counts them. A
-- request that was sent back after its approval is approved by two again.

CREATE OR REPLACE FUNCTION require_two_approvers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> 'approved' OR OLD.status = 'approved' OR NEW.payee_kind <> 'other' THEN
        RETURN NEW;
    END IF;
    PERFORM 1 FROM request_payees WHERE id = NEW.id AND why_encrypted IS NOT NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'somebody else is paid with a reason only' USING ERRCODE = 'check_violation';
    ELSIF (
        SELECT count(DISTINCT a.approver_id) FROM approvals AS a
        WHERE a.request_id = NEW.id AND a.decision = 'approve'
            AND a.facts_sha256 = NEW.facts_sha256 AND a.version >= NEW.version - 2
    ) < 2 THEN
        RAISE EXCEPTION 'two approvers decide on this payee' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION require_approvers_of_payout() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM approvals
        WHERE request_id = NEW.request_id AND approver_id = NEW.payer_id AND decision = 'approve'
    ) THEN
        RAISE EXCEPTION 'three_people: who approved does not pay' USING ERRCODE = 'check_violation';
    ELSIF EXISTS (
        SELECT 1 FROM disbursement_requests AS d
        WHERE d.id = NEW.request_id AND d.payee_kind = 'other' AND (
            SELECT count(DISTINCT a.approver_id) FROM approvals AS a
            WHERE a.request_id = d.id AND a.decision = 'approve' AND a.facts_sha256 = d.facts_sha256
        ) < 2
    ) THEN
        RAISE EXCEPTION 'two approvers decide on this payee' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION keep_request_payee() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (
        (NEW.id, NEW.name_lookup) IS DISTINCT FROM (OLD.id, OLD.name_lookup)
        AND EXISTS (
            SELECT 1 FROM disbursement_requests WHERE id = OLD.id AND status <> 'returned'
        )
    ) THEN
        RAISE EXCEPTION 'the facts of the request are frozen' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER disbursement_requests_two_approvers BEFORE UPDATE ON disbursement_requests
FOR EACH ROW EXECUTE FUNCTION require_two_approvers();

CREATE TRIGGER payouts_of_approvers BEFORE INSERT ON payouts
FOR EACH ROW EXECUTE FUNCTION require_approvers_of_payout();

CREATE TRIGGER request_payees_stay BEFORE DELETE OR UPDATE ON request_payees
FOR EACH ROW EXECUTE FUNCTION keep_request_payee();

CREATE TRIGGER request_payees_no_truncate BEFORE TRUNCATE ON request_payees
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
