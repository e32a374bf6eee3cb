-- A batch of payouts stays as it was made; each of five people does one step; nobody is paid twice.
--
-- Who made the batch, released it and took its file: CHECKs. That none of them asked for or approved
-- one of its requests is asked here. While a line waits its request is neither paid nor cancelled
-- elsewhere; a line is paid or fails only as the result of the bank says, comes back only with its payout,
-- and a payout of a paid line is by
-- who took the file, with the voucher of the line, on the day and out of the account of the batch.

CREATE TRIGGER payout_batch_lines_begin BEFORE INSERT ON payout_batch_lines
WHEN NEW.state <> 'waiting' OR NOT EXISTS (
    SELECT 1 FROM payout_batches b, disbursement_requests r
    WHERE b.id = NEW.batch_id AND r.id = NEW.request_id AND r.status = 'approved'
        AND r.payout_method = 'transfer'
        AND b.made_by_id <> NEW.requested_by_id AND b.made_by_id NOT IN (
            SELECT approver_id FROM approvals WHERE request_id = r.id AND decision = 'approve'
        )
) OR EXISTS (SELECT 1 FROM payout_batch_releases WHERE batch_id = NEW.batch_id)
BEGIN SELECT RAISE(ABORT, 'a batch holds approved transfers that its maker neither asked for nor approved'); END;

CREATE TRIGGER payout_batch_lines_change BEFORE UPDATE ON payout_batch_lines
WHEN (OLD.state <> 'waiting' AND (OLD.state, NEW.state) <> ('paid', 'returned'))
OR NEW.state = 'waiting' OR (
    NEW.id, NEW.batch_id, NEW.position, NEW.request_id, NEW.requested_by_id, NEW.approval_id,
    NEW.approver_id, NEW.decision, NEW.amount_satang, NEW.voucher
) IS NOT (
    OLD.id, OLD.batch_id, OLD.position, OLD.request_id, OLD.requested_by_id, OLD.approval_id,
    OLD.approver_id, OLD.decision, OLD.amount_satang, OLD.voucher
) OR (
    NEW.state IN ('paid', 'failed') AND NOT EXISTS (
        SELECT 1 FROM payout_batch_results WHERE line_id = NEW.id AND outcome = NEW.state
    )
) OR (
    NEW.state = 'returned' AND NOT EXISTS (
        SELECT 1 FROM payouts AS o JOIN payout_returns AS c ON c.payout_id = o.id
        WHERE o.voucher = NEW.voucher AND o.request_id = NEW.request_id
    )
) OR (
    NEW.state = 'withdrawn'
    AND EXISTS (
        SELECT 1 FROM payout_batch_files
        WHERE batch_id = NEW.batch_id AND release_number = (
            SELECT max(number) FROM payout_batch_releases WHERE batch_id = NEW.batch_id
        )
    )
)
BEGIN SELECT RAISE(ABORT, 'a line of a batch changes once, as the result of the bank says'); END;

CREATE TRIGGER payout_batch_releases_by_another BEFORE INSERT ON payout_batch_releases
WHEN NOT EXISTS (
    SELECT 1 FROM payout_batch_lines WHERE batch_id = NEW.batch_id AND state = 'waiting'
) OR EXISTS (
    SELECT 1 FROM payout_batch_lines l WHERE l.batch_id = NEW.batch_id
        AND (NEW.released_by_id = l.requested_by_id OR NEW.released_by_id IN (
            SELECT approver_id FROM approvals
            WHERE request_id = l.request_id AND decision = 'approve'
        ))
) OR EXISTS (
    SELECT 1 FROM payout_batch_results t JOIN payout_batch_lines l ON l.id = t.line_id
    WHERE l.batch_id = NEW.batch_id
) OR NEW.number <> 1 + (
    SELECT count(*) FROM payout_batch_files WHERE batch_id = NEW.batch_id
)
BEGIN SELECT RAISE(ABORT, 'a batch is released by somebody who asked for and approved nothing in it'); END;

CREATE TRIGGER payout_batch_files_by_another BEFORE INSERT ON payout_batch_files
WHEN EXISTS (
    SELECT 1 FROM payout_batch_lines l WHERE l.batch_id = NEW.batch_id
        AND (NEW.taken_by_id = l.requested_by_id OR NEW.taken_by_id IN (
            SELECT approver_id FROM approvals
            WHERE request_id = l.request_id AND decision = 'approve'
        ))
) OR NOT EXISTS (
    SELECT 1 FROM payout_batch_lines WHERE batch_id = NEW.batch_id AND state = 'waiting'
)
BEGIN SELECT RAISE(ABORT, 'a file is taken by somebody who asked for and approved nothing in it'); END;

-- The file is the payment: see fundapp/disbursements/sql/sqlite/stop_payments.sql.
CREATE TRIGGER payout_batch_files_not_stopped BEFORE INSERT ON payout_batch_files
WHEN EXISTS (
    SELECT 1 FROM payout_batch_lines AS b
    JOIN payout_batches AS p ON p.id = b.batch_id
    JOIN request_lines AS l ON l.request_id = b.request_id
    JOIN children AS c ON c.id = l.child_id
    WHERE b.batch_id = NEW.batch_id AND b.state = 'waiting' AND (c.status <> 'active' OR NOT EXISTS (
        SELECT 1 FROM consents AS s
        WHERE s.child_id = c.id AND s.kind = 'keep_file'
            AND (s.withdrawn_on IS NULL OR s.withdrawn_on > p.pay_on)
    ) OR EXISTS (
        SELECT 1 FROM disbursement_requests AS d JOIN funds AS f ON f.code = d.fund_code
        WHERE d.id = b.request_id AND f.restriction = 'zakat'
    ) AND NOT EXISTS (
        SELECT 1 FROM consents AS s
        WHERE s.child_id = c.id AND s.kind = 'zakat'
            AND (s.withdrawn_on IS NULL OR s.withdrawn_on > p.pay_on)
    )) AND NOT EXISTS (
        SELECT 1 FROM payment_releases AS r
        WHERE r.request_id = b.request_id AND r.id > b.approval_id
    )
)
BEGIN SELECT RAISE(ABORT, 'a payment of the batch is stopped'); END;

-- A result that is there already is refused as a replacement (refuse_replacing.sql).
CREATE TRIGGER payout_batch_results_of_file BEFORE INSERT ON payout_batch_results
WHEN NOT EXISTS (
    SELECT 1 FROM payout_batch_lines l JOIN payout_batch_files f ON f.batch_id = l.batch_id
    WHERE l.id = NEW.line_id AND l.state = 'waiting' AND f.taken_by_id = NEW.told_by_id
        AND f.release_number = (
            SELECT max(number) FROM payout_batch_releases WHERE batch_id = l.batch_id
        )
)
AND NOT EXISTS (SELECT 1 FROM payout_batch_results WHERE line_id = NEW.line_id)
BEGIN SELECT RAISE(ABORT, 'results are told by who took the file, of lines that wait'); END;

CREATE TRIGGER payouts_of_batches BEFORE INSERT ON payouts
WHEN EXISTS (
    SELECT 1 FROM payout_batch_lines l
    JOIN payout_batches b ON b.id = l.batch_id
    LEFT JOIN payout_batch_results t ON t.line_id = l.id
    WHERE l.request_id = NEW.request_id AND (
        l.state = 'waiting' OR (l.state = 'paid' AND (
            t.told_by_id <> NEW.payer_id OR l.voucher <> NEW.voucher
            OR b.account_code <> NEW.paid_from_account_code OR b.pay_on <> NEW.paid_on
        ))
    )
)
BEGIN SELECT RAISE(ABORT, 'the request is in a batch of payouts'); END;

CREATE TRIGGER disbursement_requests_in_batches BEFORE UPDATE ON disbursement_requests
WHEN OLD.status = 'approved' AND NEW.status <> OLD.status AND EXISTS (
    SELECT 1 FROM payout_batch_lines WHERE request_id = OLD.id AND state = 'waiting'
)
BEGIN SELECT RAISE(ABORT, 'the request is in a batch of payouts'); END;

-- A payment that came back is free to be paid anew, by a batch too.
CREATE TRIGGER payout_returns_of_batches AFTER INSERT ON payout_returns BEGIN
    UPDATE payout_batch_lines SET state = 'returned'
    WHERE state = 'paid' AND (request_id, voucher) = (
        SELECT request_id, voucher FROM payouts WHERE id = NEW.payout_id
    );
END;

CREATE TRIGGER payout_batch_lines_no_delete BEFORE DELETE ON payout_batch_lines
BEGIN SELECT RAISE(ABORT, 'payout_batch_lines keeps its rows'); END;

CREATE TRIGGER payout_batches_no_update BEFORE UPDATE ON payout_batches
BEGIN SELECT RAISE(ABORT, 'payout_batches is append-only'); END;

CREATE TRIGGER payout_batches_no_delete BEFORE DELETE ON payout_batches
BEGIN SELECT RAISE(ABORT, 'payout_batches is append-only'); END;

CREATE TRIGGER payout_batch_releases_no_update BEFORE UPDATE ON payout_batch_releases
BEGIN SELECT RAISE(ABORT, 'payout_batch_releases is append-only'); END;

CREATE TRIGGER payout_batch_releases_no_delete BEFORE DELETE ON payout_batch_releases
BEGIN SELECT RAISE(ABORT, 'payout_batch_releases is append-only'); END;

CREATE TRIGGER payout_batch_files_no_update BEFORE UPDATE ON payout_batch_files
BEGIN SELECT RAISE(ABORT, 'payout_batch_files is append-only'); END;

CREATE TRIGGER payout_batch_files_no_delete BEFORE DELETE ON payout_batch_files
BEGIN SELECT RAISE(ABORT, 'payout_batch_files is append-only'); END;

CREATE TRIGGER payout_batch_results_no_update BEFORE UPDATE ON payout_batch_results
BEGIN SELECT RAISE(ABORT, 'payout_batch_results is append-only'); END;

CREATE TRIGGER payout_batch_results_no_delete BEFORE DELETE ON payout_batch_results
BEGIN SELECT RAISE(ABORT, 'payout_batch_results is append-only'); END;
