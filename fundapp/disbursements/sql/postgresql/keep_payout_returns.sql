-- A payment came back: its entry is undone in the books, and who records that neither asked for it
-- nor approved it. A request is paid again only after every earlier payment of it came back; the
-- number of the payment is in a unique index, so two at once are refused too. PostgreSQL.

CREATE OR REPLACE FUNCTION check_payout_return() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM payouts AS p JOIN journal_entries AS e ON e.id = NEW.journal_entry_id
        WHERE p.id = NEW.payout_id AND e.reverses_entry_id = p.journal_entry_id
            AND NEW.returned_on >= p.paid_on
    ) THEN
        RAISE EXCEPTION 'the entry of a payment that came back is undone'
            USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM payouts AS p WHERE p.id = NEW.payout_id
            AND (NEW.recorded_by_id = p.requested_by_id OR NEW.recorded_by_id IN (
                SELECT approver_id FROM approvals
                WHERE request_id = p.request_id AND decision = 'approve'
            ))
    ) THEN
        RAISE EXCEPTION 'who asked or approved records no return' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER payout_returns_begin BEFORE INSERT ON payout_returns
FOR EACH ROW EXECUTE FUNCTION check_payout_return();

CREATE OR REPLACE FUNCTION check_payout_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM payouts AS p WHERE p.request_id = NEW.request_id
            AND NOT EXISTS (SELECT 1 FROM payout_returns WHERE payout_id = p.id)
    ) THEN
        RAISE EXCEPTION 'the request is paid' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.attempt <> 1 + (SELECT count(*) FROM payouts WHERE request_id = NEW.request_id) THEN
        RAISE EXCEPTION 'payments of a request are numbered in their order'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER payouts_once BEFORE INSERT ON payouts
FOR EACH ROW EXECUTE FUNCTION check_payout_once();

CREATE TRIGGER payout_returns_no_update BEFORE UPDATE ON payout_returns
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER payout_returns_no_delete BEFORE DELETE ON payout_returns
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER payout_returns_no_truncate BEFORE TRUNCATE ON payout_returns
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
