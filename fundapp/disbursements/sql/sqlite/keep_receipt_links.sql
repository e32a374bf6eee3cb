-- A link on a voucher stays as it was printed and ends once. It is answered once, in time, while it
-- is open and after the payment of its own approval; the answer stays, but for its words, which can
-- be erased.

CREATE TRIGGER receipt_links_stay BEFORE UPDATE ON receipt_links
WHEN OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL OR (
    NEW.id, NEW.request_id, NEW.requested_by_id, NEW.token_sha256, NEW.printed_by_id,
    NEW.printed_at, NEW.expires_at
) IS NOT (
    OLD.id, OLD.request_id, OLD.requested_by_id, OLD.token_sha256, OLD.printed_by_id,
    OLD.printed_at, OLD.expires_at
)
BEGIN SELECT RAISE(ABORT, 'a link stays as it was printed and ends once'); END;

CREATE TRIGGER receipt_links_no_delete BEFORE DELETE ON receipt_links
BEGIN SELECT RAISE(ABORT, 'a link stays as it was printed and ends once'); END;

CREATE TRIGGER receipt_confirmations_in_time BEFORE INSERT ON receipt_confirmations
WHEN NOT EXISTS (SELECT 1 FROM receipt_confirmations WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'the link cannot be answered')
    WHERE NOT EXISTS (
        SELECT 1 FROM receipt_links
        WHERE id = NEW.id AND ended_at IS NULL AND NEW.confirmed_at <= expires_at
    );
    SELECT RAISE(ABORT, 'the link is on the voucher of an earlier payment')
    WHERE EXISTS (
        SELECT 1 FROM receipt_links AS l JOIN approvals AS a ON a.request_id = l.request_id
        WHERE l.id = NEW.id AND a.decision = 'approve' AND a.decided_at > l.printed_at
    );
    SELECT RAISE(ABORT, 'nothing was paid yet')
    WHERE NOT EXISTS (
        SELECT 1 FROM payouts AS p WHERE p.request_id = NEW.request_id
            AND NOT EXISTS (SELECT 1 FROM payout_returns WHERE payout_id = p.id)
    );
END;

CREATE TRIGGER receipt_confirmations_stay BEFORE UPDATE ON receipt_confirmations
WHEN (NEW.id, NEW.request_id, NEW.outcome, NEW.confirmed_at)
    IS NOT (OLD.id, OLD.request_id, OLD.outcome, OLD.confirmed_at)
BEGIN SELECT RAISE(ABORT, 'an answer stays as it was given'); END;

CREATE TRIGGER receipt_confirmations_no_delete BEFORE DELETE ON receipt_confirmations
BEGIN SELECT RAISE(ABORT, 'an answer stays as it was given'); END;
