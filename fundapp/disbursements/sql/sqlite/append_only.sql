-- A decision on a request, the release of a payment, a payout, and what
-- had stopped it, is never changed or removed.

CREATE TRIGGER approvals_no_update BEFORE UPDATE ON approvals
BEGIN SELECT RAISE(ABORT, 'approvals is append-only'); END;

CREATE TRIGGER approvals_no_delete BEFORE DELETE ON approvals
BEGIN SELECT RAISE(ABORT, 'approvals is append-only'); END;

CREATE TRIGGER payment_releases_no_update BEFORE UPDATE ON payment_releases
BEGIN SELECT RAISE(ABORT, 'payment_releases is append-only'); END;

CREATE TRIGGER payment_releases_no_delete BEFORE DELETE ON payment_releases
BEGIN SELECT RAISE(ABORT, 'payment_releases is append-only'); END;

CREATE TRIGGER payouts_no_update BEFORE UPDATE ON payouts
BEGIN SELECT RAISE(ABORT, 'payouts is append-only'); END;

CREATE TRIGGER payouts_no_delete BEFORE DELETE ON payouts
BEGIN SELECT RAISE(ABORT, 'payouts is append-only'); END;

CREATE TRIGGER paid_stops_no_update BEFORE UPDATE ON paid_stops
BEGIN SELECT RAISE(ABORT, 'paid_stops is append-only'); END;

CREATE TRIGGER paid_stops_no_delete BEFORE DELETE ON paid_stops
BEGIN SELECT RAISE(ABORT, 'paid_stops is append-only'); END;
