-- The shares of some children came back of a payment that stands: each share whole and once, of the
-- request that was paid, and together what the entry says, which takes them back to the fund of the
-- request. Who records that neither asked nor approved. A payment of which a share came back does
-- not come back as a whole. The shares are written first; their return comes after them and is
-- refused unless it finds them, so that none joins later. PostgreSQL.

CREATE OR REPLACE FUNCTION check_returned_share() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM share_returns WHERE id = NEW.return_id) THEN
        RAISE EXCEPTION 'shares are written before their return' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM request_lines WHERE id = NEW.line_id AND amount_satang = NEW.amount_satang
    ) THEN
        RAISE EXCEPTION 'a share comes back whole' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER share_return_lines_begin BEFORE INSERT ON share_return_lines
FOR EACH ROW EXECUTE FUNCTION check_returned_share();

CREATE OR REPLACE FUNCTION check_share_return() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM payouts WHERE id = NEW.payout_id FOR NO KEY UPDATE;
    IF NOT EXISTS (
        SELECT 1 FROM payouts AS p
        JOIN disbursement_requests AS r ON r.id = p.request_id
        JOIN journal_entries AS e ON e.id = NEW.journal_entry_id
        WHERE p.id = NEW.payout_id AND NEW.returned_on >= p.paid_on
            AND r.status IN ('paid', 'confirmed', 'problem')
            AND NOT EXISTS (SELECT 1 FROM payout_returns WHERE payout_id = p.id)
            AND e.kind = 'assistance_returned' AND e.source_type = 'disbursement_request'
            AND e.source_ref = r.public_id AND e.total_satang = NEW.amount_satang
            AND NOT EXISTS (
                SELECT 1 FROM postings WHERE entry_id = e.id AND (
                    fund_code <> r.fund_code OR debit_account_code <> p.paid_from_account_code
                )
            )
    ) THEN
        RAISE EXCEPTION 'shares come back of a payment that stands, as its entry says'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.amount_satang <> coalesce((
        SELECT sum(amount_satang) FROM share_return_lines WHERE return_id = NEW.id
    ), 0) OR EXISTS (
        SELECT 1 FROM share_return_lines AS s
        JOIN request_lines AS l ON l.id = s.line_id JOIN payouts AS p ON p.id = NEW.payout_id
        WHERE s.return_id = NEW.id AND l.request_id <> p.request_id
    ) THEN
        RAISE EXCEPTION 'the shares of a return are of its request and add up to it'
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

CREATE TRIGGER share_returns_begin BEFORE INSERT ON share_returns
FOR EACH ROW EXECUTE FUNCTION check_share_return();

CREATE OR REPLACE FUNCTION check_whole_return() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM payouts WHERE id = NEW.payout_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT 1 FROM share_returns WHERE payout_id = NEW.payout_id) THEN
        RAISE EXCEPTION 'a share of the payment came back' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

-- By its name before `payout_returns_begin`, which looks at the entry.
CREATE TRIGGER payout_returns_alone BEFORE INSERT ON payout_returns
FOR EACH ROW EXECUTE FUNCTION check_whole_return();

CREATE TRIGGER share_returns_no_update BEFORE UPDATE ON share_returns
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER share_returns_no_delete BEFORE DELETE ON share_returns
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER share_returns_no_truncate BEFORE TRUNCATE ON share_returns
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER share_return_lines_no_update BEFORE UPDATE ON share_return_lines
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER share_return_lines_no_delete BEFORE DELETE ON share_return_lines
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER share_return_lines_no_truncate BEFORE TRUNCATE ON share_return_lines
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
