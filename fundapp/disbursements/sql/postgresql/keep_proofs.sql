-- A proof of receipt is filed after the payment, by another person than who asked and who paid;
-- "received" has the signed paper. Then it stays, but for its words, which can be erased.

CREATE OR REPLACE FUNCTION require_other_hand_for_proof() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM payouts AS p WHERE p.request_id = NEW.request_id
            AND NOT EXISTS (SELECT 1 FROM payout_returns WHERE payout_id = p.id)
    ) THEN
        RAISE EXCEPTION 'nothing was paid yet' USING ERRCODE = 'check_violation';
    ELSIF EXISTS (
        SELECT 1 FROM payouts WHERE request_id = NEW.request_id
            AND NEW.filed_by_id IN (requested_by_id, payer_id)
    ) THEN
        RAISE EXCEPTION 'who asked or paid files no proof of receipt'
            USING ERRCODE = 'check_violation';
    ELSIF NEW.outcome = 'received' AND NEW.document_id IS NULL THEN
        RAISE EXCEPTION 'a signed paper shows that the money was received'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION keep_proof() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (
        NEW.id, NEW.request_id, NEW.outcome, NEW.confirmed_on, NEW.document_id, NEW.filed_by_id,
        NEW.filed_at
    ) IS DISTINCT FROM (
        OLD.id, OLD.request_id, OLD.outcome, OLD.confirmed_on, OLD.document_id, OLD.filed_by_id,
        OLD.filed_at
    ) THEN
        RAISE EXCEPTION 'a proof of receipt stays as it was filed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER proofs_by_another BEFORE INSERT ON proofs
FOR EACH ROW EXECUTE FUNCTION require_other_hand_for_proof();

CREATE TRIGGER proofs_stay BEFORE DELETE OR UPDATE ON proofs
FOR EACH ROW EXECUTE FUNCTION keep_proof();

CREATE TRIGGER proofs_no_truncate BEFORE TRUNCATE ON proofs
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
