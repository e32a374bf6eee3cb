-- A receipt names a wording of its fund: it prints that sentence for ever.

CREATE TRIGGER receipts_tax_wording BEFORE INSERT ON receipts
WHEN NOT EXISTS (
    SELECT 1 FROM tax_wordings WHERE fund_code = NEW.fund_code AND number = NEW.tax_wording_number
)
BEGIN SELECT RAISE(ABORT, 'the fund has no such wording'); END;
