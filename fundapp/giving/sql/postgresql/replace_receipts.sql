-- A receipt that replaces another one is for the same money, and the other one is void.

CREATE OR REPLACE FUNCTION require_replaced_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.replaces_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM receipts
        WHERE id = NEW.replaces_id AND payment_id = NEW.payment_id AND voided_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'a receipt replaces a void one of the same payment'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER receipts_replace BEFORE INSERT ON receipts
FOR EACH ROW EXECUTE FUNCTION require_replaced_receipt();
