-- A receipt names a wording of its fund: it prints that sentence for ever.

CREATE OR REPLACE FUNCTION require_tax_wording() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM tax_wordings
        WHERE fund_code = NEW.fund_code AND number = NEW.tax_wording_number
    ) THEN
        RAISE EXCEPTION 'the fund has no such wording' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER receipts_tax_wording BEFORE INSERT ON receipts
FOR EACH ROW EXECUTE FUNCTION require_tax_wording();
