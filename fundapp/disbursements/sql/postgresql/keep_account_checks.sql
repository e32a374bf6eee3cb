-- The bank details of a payee are verified by a person of their own: nothing that the bank pays is
-- approved, put into a batch or paid without, and who verified does none of the other steps.
--
-- The last check of a request counts, for the facts that it names, until the bank sends a payment
-- back; after one that found them not to fit, none finds otherwise for the same facts. What was with the bank before this rule is in requests_before_checks, to which nothing is
-- added. PostgreSQL.

CREATE OR REPLACE VIEW verified_accounts AS
SELECT c.request_id, c.checked_by_id, c.facts_sha256
FROM account_checks AS c JOIN disbursement_requests AS r
    ON r.id = c.request_id AND r.facts_sha256 = c.facts_sha256
WHERE c.answer = 'matches'
    AND NOT EXISTS (
        SELECT 1 FROM payouts AS o JOIN payout_returns AS b ON b.payout_id = o.id
        WHERE o.request_id = c.request_id AND o.id > c.id AND b.cause = 'bank'
    )
    AND c.number = (SELECT max(n.number) FROM account_checks AS n WHERE n.request_id = c.request_id);

CREATE OR REPLACE FUNCTION check_account_checks_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM disbursement_requests WHERE id = NEW.request_id FOR UPDATE;
    IF NEW.number <> 1 + (SELECT count(*) FROM account_checks WHERE request_id = NEW.request_id) THEN
        RAISE EXCEPTION 'the checks of a request are counted'
            USING ERRCODE = 'check_violation';
    ELSIF NOT EXISTS (
        SELECT 1 FROM disbursement_requests WHERE id = NEW.request_id
            AND facts_sha256 = NEW.facts_sha256 AND payout_method <> 'cash'
            AND status IN ('submitted', 'approved')
    ) THEN
        RAISE EXCEPTION 'bank details are verified as the request says them, before it is paid'
            USING ERRCODE = 'check_violation';
    ELSIF EXISTS (
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
    ) THEN
        RAISE EXCEPTION 'who approves or pays does not verify the bank details'
            USING ERRCODE = 'check_violation';
    ELSIF NEW.answer = 'matches' AND EXISTS (
        SELECT 1 FROM account_checks
        WHERE request_id = NEW.request_id AND facts_sha256 = NEW.facts_sha256 AND answer = 'differs'
    ) THEN
        RAISE EXCEPTION 'the bank details were found not to fit, and the request says the same'
            USING ERRCODE = 'check_violation';
    ELSIF NEW.answer = 'differs' AND EXISTS (
        SELECT 1 FROM payout_batch_lines WHERE request_id = NEW.request_id AND state = 'waiting'
    ) THEN
        RAISE EXCEPTION 'the request is in a batch of payouts'
            USING ERRCODE = 'check_violation';
    ELSIF NEW.earlier_id IS NOT NULL AND NOT EXISTS (
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
            AND e.checked_at >= NEW.checked_at - make_interval(days => (
                SELECT reuse_days FROM account_check_rules
                WHERE starts_on <= (NEW.checked_at AT TIME ZONE 'UTC')::date ORDER BY starts_on DESC LIMIT 1
            )::integer)
    ) THEN
        RAISE EXCEPTION 'a verified account is used again for the same payee on file, for a time'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER account_checks_begin BEFORE INSERT ON account_checks
FOR EACH ROW EXECUTE FUNCTION check_account_checks_begin();

CREATE TRIGGER account_checks_no_update BEFORE UPDATE ON account_checks
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER account_checks_no_delete BEFORE DELETE ON account_checks
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER account_checks_no_truncate BEFORE TRUNCATE ON account_checks
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER account_check_rules_no_update BEFORE UPDATE ON account_check_rules
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER account_check_rules_no_delete BEFORE DELETE ON account_check_rules
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER account_check_rules_no_truncate BEFORE TRUNCATE ON account_check_rules
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER requests_before_checks_no_insert BEFORE INSERT ON requests_before_checks
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER requests_before_checks_no_update BEFORE UPDATE ON requests_before_checks
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER requests_before_checks_no_delete BEFORE DELETE ON requests_before_checks
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER requests_before_checks_no_truncate BEFORE TRUNCATE ON requests_before_checks
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE FUNCTION check_approvals_of_verified_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM disbursement_requests WHERE id = NEW.request_id FOR UPDATE;
    IF NEW.decision = 'approve' AND EXISTS (
        SELECT 1 FROM disbursement_requests WHERE id = NEW.request_id AND payout_method <> 'cash'
    ) AND NOT EXISTS (
        SELECT 1 FROM verified_accounts
        WHERE request_id = NEW.request_id AND facts_sha256 = NEW.facts_sha256
            AND checked_by_id <> NEW.approver_id
    ) THEN
        RAISE EXCEPTION 'somebody else verifies the bank details before the approval'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER approvals_of_verified_accounts BEFORE INSERT ON approvals
FOR EACH ROW EXECUTE FUNCTION check_approvals_of_verified_accounts();

CREATE OR REPLACE FUNCTION check_payouts_of_verified_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
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
    ) THEN
        RAISE EXCEPTION 'somebody else verifies the bank details before the payment'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER payouts_of_verified_accounts BEFORE INSERT ON payouts
FOR EACH ROW EXECUTE FUNCTION check_payouts_of_verified_accounts();

CREATE OR REPLACE FUNCTION check_payout_batch_lines_of_verified_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM verified_accounts AS v JOIN payout_batches AS b ON b.id = NEW.batch_id
        WHERE v.request_id = NEW.request_id AND v.checked_by_id <> b.made_by_id
    ) THEN
        RAISE EXCEPTION 'somebody else verifies the bank details before the batch is made'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER payout_batch_lines_of_verified_accounts BEFORE INSERT ON payout_batch_lines
FOR EACH ROW EXECUTE FUNCTION check_payout_batch_lines_of_verified_accounts();

CREATE OR REPLACE FUNCTION check_payout_batch_releases_by_no_verifier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM payout_batch_lines AS l JOIN verified_accounts AS v ON v.request_id = l.request_id
        WHERE l.batch_id = NEW.batch_id AND v.checked_by_id = NEW.released_by_id
    ) THEN
        RAISE EXCEPTION 'who verified bank details in a batch does not release it'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER payout_batch_releases_by_no_verifier BEFORE INSERT ON payout_batch_releases
FOR EACH ROW EXECUTE FUNCTION check_payout_batch_releases_by_no_verifier();

CREATE OR REPLACE FUNCTION check_payout_batch_files_of_verified_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM payout_batch_lines AS l
        LEFT JOIN verified_accounts AS v ON v.request_id = l.request_id
        WHERE l.batch_id = NEW.batch_id AND l.state = 'waiting'
            AND (v.request_id IS NULL OR v.checked_by_id = NEW.taken_by_id)
    ) THEN
        RAISE EXCEPTION 'somebody else verifies the bank details before the file is taken'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER payout_batch_files_of_verified_accounts BEFORE INSERT ON payout_batch_files
FOR EACH ROW EXECUTE FUNCTION check_payout_batch_files_of_verified_accounts();

CREATE OR REPLACE FUNCTION check_proofs_by_no_verifier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM disbursement_requests WHERE id = NEW.request_id FOR UPDATE;
    IF EXISTS (
        SELECT 1 FROM verified_accounts
        WHERE request_id = NEW.request_id AND checked_by_id = NEW.filed_by_id
    ) THEN
        RAISE EXCEPTION 'who verified the bank details files no proof of receipt'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER proofs_by_no_verifier BEFORE INSERT ON proofs
FOR EACH ROW EXECUTE FUNCTION check_proofs_by_no_verifier();
