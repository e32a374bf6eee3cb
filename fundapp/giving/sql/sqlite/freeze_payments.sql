-- What is known of money that arrived never changes, and no payment is removed.
--
-- A payment may be reversed, or taken back by the bank, once; neither is undone. This rule leaves its
-- donor, note and anonymity free.

CREATE TRIGGER payments_frozen BEFORE UPDATE ON payments
WHEN (
    NEW.id, NEW.public_id, NEW.method, NEW.amount_satang, NEW.received_on, NEW.external_ref,
    NEW.journal_entry_id, NEW.recorded_by, NEW.recorded_at, NEW.pledge_id
) IS NOT (
    OLD.id, OLD.public_id, OLD.method, OLD.amount_satang, OLD.received_on, OLD.external_ref,
    OLD.journal_entry_id, OLD.recorded_by, OLD.recorded_at, OLD.pledge_id
)
OR (
    OLD.status <> 'received'
    AND (NEW.status, NEW.reversal_entry_id, NEW.return_reason, NEW.returned_on)
        IS NOT (OLD.status, OLD.reversal_entry_id, OLD.return_reason, OLD.returned_on)
)
BEGIN SELECT RAISE(ABORT, 'the facts of a payment are frozen'); END;

CREATE TRIGGER payments_kept BEFORE DELETE ON payments
BEGIN SELECT RAISE(ABORT, 'payments are kept for ever'); END;
