-- A payment came back: its entry is undone in the books, and who records that neither asked for it
-- nor approved it. A request is paid again only after every earlier payment of it came back; the
-- number of the payment is in a unique index, so two at once are refused too.

CREATE TRIGGER payout_returns_begin BEFORE INSERT ON payout_returns
WHEN NOT EXISTS (SELECT 1 FROM payout_returns WHERE payout_id = NEW.payout_id)
BEGIN
    SELECT RAISE(ABORT, 'the entry of a payment that came back is undone')
    WHERE NOT EXISTS (
        SELECT 1 FROM payouts AS p JOIN journal_entries AS e ON e.id = NEW.journal_entry_id
        WHERE p.id = NEW.payout_id AND e.reverses_entry_id = p.journal_entry_id
            AND NEW.returned_on >= p.paid_on
    );
    SELECT RAISE(ABORT, 'who asked or approved records no return')
    WHERE EXISTS (
        SELECT 1 FROM payouts AS p WHERE p.id = NEW.payout_id
            AND (NEW.recorded_by_id = p.requested_by_id OR NEW.recorded_by_id IN (
                SELECT approver_id FROM approvals
                WHERE request_id = p.request_id AND decision = 'approve'
            ))
    );
END;

CREATE TRIGGER payouts_once BEFORE INSERT ON payouts
WHEN NOT EXISTS (SELECT 1 FROM payouts WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'the request is paid')
    WHERE EXISTS (
        SELECT 1 FROM payouts AS p WHERE p.request_id = NEW.request_id
            AND NOT EXISTS (SELECT 1 FROM payout_returns WHERE payout_id = p.id)
    );
    SELECT RAISE(ABORT, 'payments of a request are numbered in their order')
    WHERE NEW.attempt <> 1 + (SELECT count(*) FROM payouts WHERE request_id = NEW.request_id);
END;

CREATE TRIGGER payout_returns_no_update BEFORE UPDATE ON payout_returns
BEGIN SELECT RAISE(ABORT, 'payout_returns is append-only'); END;

CREATE TRIGGER payout_returns_no_delete BEFORE DELETE ON payout_returns
BEGIN SELECT RAISE(ABORT, 'payout_returns is append-only'); END;
