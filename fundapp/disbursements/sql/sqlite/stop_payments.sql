-- Nothing is paid for a child whose file is closed, or without its consent (of zakat also that to
-- keep the zakat group), nor to a vendor that is closed or was changed, unless an approver let the
-- payment go on since its approval, or the bank has paid: its file was taken before, and an approver
-- is told.

CREATE TRIGGER payouts_not_stopped BEFORE INSERT ON payouts
WHEN (EXISTS (
    SELECT 1 FROM request_lines AS l JOIN children AS c ON c.id = l.child_id
    WHERE l.request_id = NEW.request_id AND (c.status <> 'active' OR NOT EXISTS (
        SELECT 1 FROM consents AS s
        WHERE s.child_id = c.id AND s.kind = 'keep_file'
            AND (s.withdrawn_on IS NULL OR s.withdrawn_on > NEW.paid_on)
    ) OR EXISTS (
        SELECT 1 FROM disbursement_requests AS d JOIN funds AS f ON f.code = d.fund_code
        WHERE d.id = l.request_id AND f.restriction = 'zakat'
    ) AND NOT EXISTS (
        SELECT 1 FROM consents AS s
        WHERE s.child_id = c.id AND s.kind = 'zakat'
            AND (s.withdrawn_on IS NULL OR s.withdrawn_on > NEW.paid_on)
    ))
) OR EXISTS (
    SELECT 1 FROM disbursement_requests AS d
    WHERE d.id = NEW.request_id AND d.payee_kind = 'vendor' AND NOT EXISTS (
        SELECT 1 FROM request_vendors AS r
        JOIN vendors AS n ON n.version_id = r.version_id
        JOIN vendor_versions AS v ON v.id = n.version_id
        WHERE r.request_id = d.id AND v.ended IS NULL
            AND (v.districts = '' OR v.districts LIKE '% ' || d.district_code || ' %')
    )
)) AND NOT EXISTS (
    SELECT 1 FROM payment_releases AS p WHERE p.request_id = NEW.request_id
        AND p.id > (SELECT max(id) FROM approvals WHERE request_id = NEW.request_id)
)
AND NOT EXISTS (
    SELECT 1 FROM payout_batch_lines AS b WHERE b.request_id = NEW.request_id AND b.state = 'paid'
)
BEGIN SELECT RAISE(ABORT, 'the payment is stopped'); END;
