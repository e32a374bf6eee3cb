-- Nothing is paid or moved out of a frozen bank account. What the bank did is booked.

CREATE TRIGGER journal_entries_of_frozen_account BEFORE INSERT ON journal_entries
WHEN NEW.kind IN ('assistance_paid', 'transfer') AND EXISTS (
    SELECT 1 FROM postings p JOIN bank_accounts b ON b.account_code = p.credit_account_code
    WHERE p.entry_id = NEW.id AND b.is_frozen = 1
)
BEGIN SELECT RAISE(ABORT, 'the bank account is frozen'); END;
