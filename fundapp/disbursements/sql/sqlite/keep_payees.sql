-- Somebody on no file of the children is paid with a reason and by two approvers; neither pays. By
-- what a payee is found again changes only while the request is returned.
--
-- Two approvers: the last two versions were approved, as policy.current_approvers counts them. A
-- request that was sent back after its approval is approved by two again.

CREATE TRIGGER disbursement_requests_two_approvers BEFORE UPDATE ON disbursement_requests
WHEN NEW.status = 'approved' AND OLD.status <> 'approved' AND NEW.payee_kind = 'other' BEGIN
    SELECT RAISE(ABORT, 'somebody else is paid with a reason only')
    WHERE NOT EXISTS (
        SELECT 1 FROM request_payees WHERE id = NEW.id AND why_encrypted IS NOT NULL
    );
    SELECT RAISE(ABORT, 'two approvers decide on this payee')
    WHERE (
        SELECT count(DISTINCT a.approver_id) FROM approvals AS a
        WHERE a.request_id = NEW.id AND a.decision = 'approve'
            AND a.facts_sha256 = NEW.facts_sha256 AND a.version >= NEW.version - 2
    ) < 2;
END;

CREATE TRIGGER payouts_by_no_approver BEFORE INSERT ON payouts
WHEN EXISTS (
    SELECT 1 FROM approvals
    WHERE request_id = NEW.request_id AND approver_id = NEW.payer_id AND decision = 'approve'
)
BEGIN SELECT RAISE(ABORT, 'three_people: who approved does not pay'); END;

CREATE TRIGGER payouts_of_two_approvers BEFORE INSERT ON payouts
WHEN EXISTS (
    SELECT 1 FROM disbursement_requests AS d
    WHERE d.id = NEW.request_id AND d.payee_kind = 'other' AND (
        SELECT count(DISTINCT a.approver_id) FROM approvals AS a
        WHERE a.request_id = d.id AND a.decision = 'approve' AND a.facts_sha256 = d.facts_sha256
    ) < 2
)
BEGIN SELECT RAISE(ABORT, 'two approvers decide on this payee'); END;

CREATE TRIGGER request_payees_stay BEFORE UPDATE ON request_payees
WHEN (NEW.id, NEW.name_lookup) IS NOT (OLD.id, OLD.name_lookup) AND (
    SELECT status FROM disbursement_requests WHERE id = OLD.id
) <> 'returned'
BEGIN SELECT RAISE(ABORT, 'the facts of the request are frozen'); END;

CREATE TRIGGER request_payees_no_delete BEFORE DELETE ON request_payees
BEGIN SELECT RAISE(ABORT, 'the facts of the request are frozen'); END;
