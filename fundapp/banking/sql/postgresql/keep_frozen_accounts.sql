-- Nothing is paid or moved out of a frozen bank account. What the bank did is booked.

CREATE OR REPLACE FUNCTION refuse_frozen_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM postings p JOIN bank_accounts b ON b.account_code = p.credit_account_code
        WHERE p.entry_id = NEW.id AND b.is_frozen
    ) THEN
        RAISE EXCEPTION 'the bank account is frozen' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER journal_entries_of_frozen_account AFTER INSERT ON journal_entries
FOR EACH ROW WHEN (new.kind = ANY (ARRAY['assistance_paid'::text, 'transfer'::text]))
EXECUTE FUNCTION refuse_frozen_account();
