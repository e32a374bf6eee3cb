-- INSERT OR REPLACE removes no row of these tables.
-- Why a trigger is needed: fundapp/ledger/sql/sqlite/refuse_replacing.sql.

CREATE TRIGGER approvals_no_replace BEFORE INSERT ON approvals BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: approvals.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM approvals WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: approvals.request_id, approvals.version (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM approvals
        WHERE request_id = NEW.request_id AND version = NEW.version
    );
END;

CREATE TRIGGER disbursement_requests_no_replace BEFORE INSERT ON disbursement_requests BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: disbursement_requests.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM disbursement_requests WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: disbursement_requests.public_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM disbursement_requests WHERE public_id = NEW.public_id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: disbursement_requests.number (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM disbursement_requests WHERE number = NEW.number);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: disbursement_requests.approval_entry_id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM disbursement_requests
        WHERE approval_entry_id = NEW.approval_entry_id
    );
END;

CREATE TRIGGER payouts_no_replace BEFORE INSERT ON payouts BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: payouts.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM payouts WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: payouts.public_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM payouts WHERE public_id = NEW.public_id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: payouts.voucher (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM payouts WHERE voucher = NEW.voucher);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: payouts.request_id, payouts.attempt (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM payouts WHERE request_id = NEW.request_id AND attempt = NEW.attempt
    );
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: payouts.journal_entry_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM payouts WHERE journal_entry_id = NEW.journal_entry_id);
END;

CREATE TRIGGER request_lines_no_replace BEFORE INSERT ON request_lines BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: request_lines.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM request_lines WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: request_lines.request_id, request_lines.child_id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM request_lines
        WHERE request_id = NEW.request_id AND child_id = NEW.child_id
    );
END;

CREATE TRIGGER proofs_no_replace BEFORE INSERT ON proofs BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: proofs.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM proofs WHERE id = NEW.id);
END;

CREATE TRIGGER receipt_confirmations_no_replace BEFORE INSERT ON receipt_confirmations BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: receipt_confirmations.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM receipt_confirmations WHERE id = NEW.id);
END;

CREATE TRIGGER receipt_links_no_replace BEFORE INSERT ON receipt_links BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: receipt_links.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM receipt_links WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: receipt_links.token_sha256 (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM receipt_links WHERE token_sha256 = NEW.token_sha256);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: receipt_links.request_id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM receipt_links
        WHERE request_id = NEW.request_id AND ended_at IS NULL AND NEW.ended_at IS NULL
    );
END;

CREATE TRIGGER payment_releases_no_replace BEFORE INSERT ON payment_releases BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: payment_releases.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM payment_releases WHERE id = NEW.id);
END;

CREATE TRIGGER request_payees_no_replace BEFORE INSERT ON request_payees BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: request_payees.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM request_payees WHERE id = NEW.id);
END;

CREATE TRIGGER paid_stops_no_replace BEFORE INSERT ON paid_stops BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: paid_stops.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM paid_stops WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: paid_stops.reason (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM paid_stops WHERE request_id = NEW.request_id AND reason = NEW.reason
            AND attempt = NEW.attempt
    );
END;

CREATE TRIGGER payout_returns_no_replace BEFORE INSERT ON payout_returns BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: payout_returns.payout_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM payout_returns WHERE payout_id = NEW.payout_id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: payout_returns.journal_entry_id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM payout_returns WHERE journal_entry_id = NEW.journal_entry_id
    );
END;

CREATE TRIGGER help_rules_no_replace BEFORE INSERT ON help_rules BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: help_rules.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM help_rules WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: help_rules.starts_on (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM help_rules WHERE starts_on = NEW.starts_on);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: help_rules.proposal_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM help_rules WHERE proposal_id = NEW.proposal_id);
END;

CREATE TRIGGER approval_bands_no_replace BEFORE INSERT ON approval_bands BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: approval_bands.rules_id, approval_bands.number (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM approval_bands WHERE rules_id = NEW.rules_id AND number = NEW.number
    );
END;

CREATE TRIGGER share_returns_no_replace BEFORE INSERT ON share_returns BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: share_returns.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM share_returns WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: share_returns.journal_entry_id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM share_returns WHERE journal_entry_id = NEW.journal_entry_id
    );
END;

CREATE TRIGGER share_return_lines_no_replace BEFORE INSERT ON share_return_lines BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: share_return_lines.line_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM share_return_lines WHERE line_id = NEW.line_id);
END;
