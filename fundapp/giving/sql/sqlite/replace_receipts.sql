-- A receipt that replaces another one is for the same money, and the other one is void.

CREATE TRIGGER receipts_replace BEFORE INSERT ON receipts
WHEN NEW.replaces_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM receipts
    WHERE id = NEW.replaces_id AND payment_id = NEW.payment_id AND voided_at IS NOT NULL
)
BEGIN SELECT RAISE(ABORT, 'a receipt replaces a void one of the same payment'); END;
