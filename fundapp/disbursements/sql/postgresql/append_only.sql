-- A decision on a request, the release of a payment, a payout, and what
-- had stopped it, is never changed or removed.
-- The function is in fundapp/db/sql/postgresql/refuse_change.sql.

CREATE TRIGGER approvals_no_update BEFORE UPDATE ON approvals
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER approvals_no_delete BEFORE DELETE ON approvals
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER approvals_no_truncate BEFORE TRUNCATE ON approvals
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER payment_releases_no_update BEFORE UPDATE ON payment_releases
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER payment_releases_no_delete BEFORE DELETE ON payment_releases
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER payment_releases_no_truncate BEFORE TRUNCATE ON payment_releases
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER payouts_no_update BEFORE UPDATE ON payouts
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER payouts_no_delete BEFORE DELETE ON payouts
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER payouts_no_truncate BEFORE TRUNCATE ON payouts
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER paid_stops_no_update BEFORE UPDATE ON paid_stops
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER paid_stops_no_delete BEFORE DELETE ON paid_stops
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER paid_stops_no_truncate BEFORE TRUNCATE ON paid_stops
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
