-- A proof of receipt is filed after the payment, by another person than who asked and who paid;
-- "received" has the signed paper. Then it stays, but for its words, which can be erased.

CREATE TRIGGER proofs_by_another BEFORE INSERT ON proofs BEGIN
    SELECT RAISE(ABORT, 'nothing was paid yet')
    WHERE NOT EXISTS (
        SELECT 1 FROM payouts AS p WHERE p.request_id = NEW.request_id
            AND NOT EXISTS (SELECT 1 FROM payout_returns WHERE payout_id = p.id)
    );
    SELECT RAISE(ABORT, 'who asked or paid files no proof of receipt')
    WHERE EXISTS (
        SELECT 1 FROM payouts WHERE request_id = NEW.request_id
            AND NEW.filed_by_id IN (requested_by_id, payer_id)
    );
    SELECT RAISE(ABORT, 'a signed paper shows that the money was received')
    WHERE NEW.outcome = 'received' AND NEW.document_id IS NULL;
END;

CREATE TRIGGER proofs_stay BEFORE UPDATE ON proofs
WHEN (
    NEW.id, NEW.request_id, NEW.outcome, NEW.confirmed_on, NEW.document_id, NEW.filed_by_id,
    NEW.filed_at
) IS NOT (
    OLD.id, OLD.request_id, OLD.outcome, OLD.confirmed_on, OLD.document_id, OLD.filed_by_id,
    OLD.filed_at
)
BEGIN SELECT RAISE(ABORT, 'a proof of receipt stays as it was filed'); END;

CREATE TRIGGER proofs_no_delete BEFORE DELETE ON proofs
BEGIN SELECT RAISE(ABORT, 'a proof of receipt stays as it was filed'); END;
