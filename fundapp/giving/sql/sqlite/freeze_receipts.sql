-- A receipt stays as it was issued, and none is removed. It may be made void, once, with a reason.
--
-- How it gets its number: count_receipts.sql.

CREATE TRIGGER receipts_frozen BEFORE UPDATE ON receipts
WHEN (
    NEW.id, NEW.code, NEW.fiscal_year, NEW.number, NEW.payment_id, NEW.issued_on, NEW.issued_at,
    NEW.donor_name, NEW.fund_code, NEW.method, NEW.amount_satang, NEW.received_on,
    NEW.tax_wording_number, NEW.replaces_id
) IS NOT (
    OLD.id, OLD.code, OLD.fiscal_year, OLD.number, OLD.payment_id, OLD.issued_on, OLD.issued_at,
    OLD.donor_name, OLD.fund_code, OLD.method, OLD.amount_satang, OLD.received_on,
    OLD.tax_wording_number, OLD.replaces_id
)
OR (
    OLD.voided_at IS NOT NULL
    AND (NEW.voided_at, NEW.void_reason) IS NOT (OLD.voided_at, OLD.void_reason)
)
BEGIN SELECT RAISE(ABORT, 'the facts of a receipt are frozen'); END;

CREATE TRIGGER receipts_kept BEFORE DELETE ON receipts
BEGIN SELECT RAISE(ABORT, 'receipts are kept for ever'); END;
