-- The bank details of a payee are verified by a person of their own: nothing that the bank pays is
-- approved, put into a batch or paid without, and who verified does none of the other steps.
--
-- The last check of a request counts, for the facts that it names, until the bank sends a payment
-- back; after one that found them not to fit, none finds otherwise for the same facts. What was with the bank before this rule is in requests_before_checks, to which nothing is
-- added.

CREATE VIEW verified_accounts AS
SELECT c.request_id, c.checked_by_id, c.facts_sha256
FROM account_checks AS c JOIN disbursement_requests AS r
    ON r.id = c.request_id AND r.facts_sha256 = c.facts_sha256
WHERE c.answer = 'matches'
    AND NOT EXISTS (
        SELECT 1 FROM payouts AS o JOIN payout_returns AS b ON b.payout_id = o.id
        WHERE o.request_id = c.request_id AND o.id > c.id AND b.cause = 'bank'
    )
    AND c.number = (SELECT max(n.number) FROM account_checks AS n WHERE n.request_id = c.request_id);

CREATE TRIGGER account_checks_begin BEFORE INSERT ON account_checks BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: account_checks.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM account_checks WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: account_checks.number (the checks of a request are counted)')
    WHERE NEW.number <> 1 + (SELECT count(*) FROM account_checks WHERE request_id = NEW.request_id);
    SELECT RAISE(ABORT, 'bank details are verified as the request says them, before it is paid')
    WHERE NOT EXISTS (
        SELECT 1 FROM disbursement_requests WHERE id = NEW.request_id
            AND facts_sha256 = NEW.facts_sha256 AND payout_method <> 'cash'
            AND status IN ('submitted', 'approved')
    );
    SELECT RAISE(ABORT, 'who approves or pays does not verify the bank details')
    WHERE EXISTS (
        SELECT 1 FROM approvals
        WHERE request_id = NEW.request_id AND decision = 'approve' AND approver_id = NEW.checked_by_id
    ) OR EXISTS (
        SELECT 1 FROM request_interests
        WHERE request_id = NEW.request_id AND user_id = NEW.checked_by_id
    ) OR EXISTS (
        SELECT 1 FROM payout_batch_lines AS l JOIN payout_batches AS b ON b.id = l.batch_id
        LEFT JOIN payout_batch_releases AS r ON r.batch_id = b.id
        LEFT JOIN payout_batch_files AS f ON f.batch_id = b.id
        WHERE l.request_id = NEW.request_id AND l.state = 'waiting'
            AND NEW.checked_by_id IN (b.made_by_id, r.released_by_id, f.taken_by_id)
    );
    SELECT RAISE(ABORT, 'the bank details were found not to fit, and the request says the same')
    WHERE NEW.answer = 'matches' AND EXISTS (
        SELECT 1 FROM account_checks
        WHERE request_id = NEW.request_id AND facts_sha256 = NEW.facts_sha256 AND answer = 'differs'
    );
    SELECT RAISE(ABORT, 'the request is in a batch of payouts')
    WHERE NEW.answer = 'differs' AND EXISTS (
        SELECT 1 FROM payout_batch_lines WHERE request_id = NEW.request_id AND state = 'waiting'
    );
    SELECT RAISE(ABORT, 'a verified account is used again for the same payee on file, for a time')
    WHERE NEW.earlier_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM account_checks AS e
        JOIN disbursement_requests AS q ON q.id = e.request_id AND q.facts_sha256 = e.facts_sha256
        JOIN payee_digests AS o ON o.request_id = e.request_id
        JOIN payee_digests AS d ON d.request_id = NEW.request_id
            AND d.payee_lookup = o.payee_lookup AND d.account_lookup = o.account_lookup
        JOIN disbursement_requests AS r ON r.id = NEW.request_id AND r.payee_kind <> 'other'
        WHERE e.id = NEW.earlier_id AND e.answer = 'matches' AND e.earlier_id IS NULL
            AND NOT EXISTS (
                SELECT 1 FROM payouts AS p JOIN payout_returns AS b ON b.payout_id = p.id
                WHERE p.request_id = e.request_id AND p.id > e.id AND b.cause = 'bank'
            )
            AND e.checked_at <= NEW.checked_at
            AND e.checked_at >= strftime('%Y-%m-%dT%H:%M:%SZ', NEW.checked_at, '-' || (
                SELECT reuse_days FROM account_check_rules
                WHERE starts_on <= date(NEW.checked_at) ORDER BY starts_on DESC LIMIT 1
            ) || ' days')
    );
END;

CREATE TRIGGER account_checks_no_update BEFORE UPDATE ON account_checks
BEGIN SELECT RAISE(ABORT, 'account_checks is append-only'); END;

CREATE TRIGGER account_checks_no_delete BEFORE DELETE ON account_checks
BEGIN SELECT RAISE(ABORT, 'account_checks is append-only'); END;

CREATE TRIGGER account_check_rules_no_replace BEFORE INSERT ON account_check_rules
WHEN EXISTS (SELECT 1 FROM account_check_rules WHERE starts_on = NEW.starts_on)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: account_check_rules.starts_on (no row is replaced)'); END;

CREATE TRIGGER account_check_rules_no_update BEFORE UPDATE ON account_check_rules
BEGIN SELECT RAISE(ABORT, 'account_check_rules is append-only'); END;

CREATE TRIGGER account_check_rules_no_delete BEFORE DELETE ON account_check_rules
BEGIN SELECT RAISE(ABORT, 'account_check_rules is append-only'); END;

CREATE TRIGGER requests_before_checks_no_insert BEFORE INSERT ON requests_before_checks
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: requests_before_checks takes no row any more'); END;

CREATE TRIGGER requests_before_checks_no_update BEFORE UPDATE ON requests_before_checks
BEGIN SELECT RAISE(ABORT, 'requests_before_checks is append-only'); END;

CREATE TRIGGER requests_before_checks_no_delete BEFORE DELETE ON requests_before_checks
BEGIN SELECT RAISE(ABORT, 'requests_before_checks is append-only'); END;

CREATE TRIGGER approvals_of_verified_accounts BEFORE INSERT ON approvals
WHEN NEW.decision = 'approve' AND EXISTS (
    SELECT 1 FROM disbursement_requests WHERE id = NEW.request_id AND payout_method <> 'cash'
) AND NOT EXISTS (
    SELECT 1 FROM verified_accounts
    WHERE request_id = NEW.request_id AND facts_sha256 = NEW.facts_sha256
        AND checked_by_id <> NEW.approver_id
)
BEGIN SELECT RAISE(ABORT, 'somebody else verifies the bank details before the approval'); END;

CREATE TRIGGER payouts_of_verified_accounts BEFORE INSERT ON payouts
WHEN EXISTS (
    SELECT 1 FROM disbursement_requests
    WHERE id = NEW.request_id AND (payout_method <> 'cash' OR NEW.method <> 'cash')
) AND NOT EXISTS (
    SELECT 1 FROM requests_before_checks WHERE request_id = NEW.request_id
) AND NOT EXISTS (
    SELECT 1 FROM verified_accounts AS v WHERE v.request_id = NEW.request_id
        AND v.checked_by_id <> NEW.payer_id AND v.checked_by_id NOT IN (
            SELECT approver_id FROM approvals
            WHERE request_id = NEW.request_id AND decision = 'approve'
        )
)
BEGIN SELECT RAISE(ABORT, 'somebody else verifies the bank details before the payment'); END;

CREATE TRIGGER payout_batch_lines_of_verified_accounts BEFORE INSERT ON payout_batch_lines
WHEN NOT EXISTS (
    SELECT 1 FROM verified_accounts AS v JOIN payout_batches AS b ON b.id = NEW.batch_id
    WHERE v.request_id = NEW.request_id AND v.checked_by_id <> b.made_by_id
)
BEGIN SELECT RAISE(ABORT, 'somebody else verifies the bank details before the batch is made'); END;

CREATE TRIGGER payout_batch_releases_by_no_verifier BEFORE INSERT ON payout_batch_releases
WHEN EXISTS (
    SELECT 1 FROM payout_batch_lines AS l JOIN verified_accounts AS v ON v.request_id = l.request_id
    WHERE l.batch_id = NEW.batch_id AND v.checked_by_id = NEW.released_by_id
)
BEGIN SELECT RAISE(ABORT, 'who verified bank details in a batch does not release it'); END;

CREATE TRIGGER payout_batch_files_of_verified_accounts BEFORE INSERT ON payout_batch_files
WHEN EXISTS (
    SELECT 1 FROM payout_batch_lines AS l
    LEFT JOIN verified_accounts AS v ON v.request_id = l.request_id
    WHERE l.batch_id = NEW.batch_id AND l.state = 'waiting'
        AND (v.request_id IS NULL OR v.checked_by_id = NEW.taken_by_id)
)
BEGIN SELECT RAISE(ABORT, 'somebody else verifies the bank details before the file is taken'); END;

CREATE TRIGGER proofs_by_no_verifier BEFORE INSERT ON proofs
WHEN EXISTS (
    SELECT 1 FROM verified_accounts
    WHERE request_id = NEW.request_id AND checked_by_id = NEW.filed_by_id
)
BEGIN SELECT RAISE(ABORT, 'who verified the bank details files no proof of receipt'); END;
