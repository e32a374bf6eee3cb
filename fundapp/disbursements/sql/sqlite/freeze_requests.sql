-- What is decided on in a request for help changes only while the request is returned to its asker.
--
-- Its lines, one for each child, follow the same rule.

CREATE TRIGGER disbursement_requests_frozen BEFORE UPDATE ON disbursement_requests
WHEN OLD.status <> 'returned' AND (
    NEW.number, NEW.fund_code, NEW.district_code, NEW.need, NEW.payee_kind, NEW.payout_method,
    NEW.total_satang, NEW.facts_sha256, NEW.requested_by_id
) IS NOT (
    OLD.number, OLD.fund_code, OLD.district_code, OLD.need, OLD.payee_kind, OLD.payout_method,
    OLD.total_satang, OLD.facts_sha256, OLD.requested_by_id
)
BEGIN SELECT RAISE(ABORT, 'the facts of the request are frozen'); END;

CREATE TRIGGER request_lines_frozen BEFORE UPDATE ON request_lines
WHEN (SELECT status FROM disbursement_requests WHERE id = OLD.request_id) <> 'returned'
BEGIN SELECT RAISE(ABORT, 'the facts of the request are frozen'); END;

CREATE TRIGGER request_lines_frozen_delete BEFORE DELETE ON request_lines
WHEN (SELECT status FROM disbursement_requests WHERE id = OLD.request_id) <> 'returned'
BEGIN SELECT RAISE(ABORT, 'the facts of the request are frozen'); END;
