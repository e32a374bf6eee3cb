-- An entry that may take more than there is says what the bank did, and nothing else. PostgreSQL.
--
-- Four kinds may take an account below zero (seal_journal_entry.sql), the first three a fund as well: a
-- gift that the bank took back mirrors the donation that it reverses, posting by posting; a gift that
-- had been refunded leaves the bank for what is owed to its giver, and for the expense of what was
-- paid to the giver already; a fee goes from an asset account to the expense of bank fees, or of tax
-- that the bank withheld; and what the card processor paid out moves between its account and one at a
-- bank.

CREATE OR REPLACE FUNCTION require_bank_facts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind = 'gift_returned' AND NEW.posting_count <> (
        SELECT count(*)
        FROM journal_entries AS donation
        JOIN postings AS given ON given.entry_id = donation.id
        JOIN postings AS taken ON taken.entry_id = NEW.id
            AND taken.position = donation.posting_count + 1 - given.position
            AND taken.fund_code = given.fund_code
            AND taken.debit_account_code = given.credit_account_code
            AND taken.credit_account_code = given.debit_account_code
            AND taken.amount_satang = given.amount_satang
        WHERE donation.id = NEW.reverses_entry_id AND donation.kind = 'donation'
            AND donation.posting_count = NEW.posting_count
    ) THEN
        RAISE EXCEPTION 'ledger: a gift taken back mirrors its donation'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.kind = 'bank_fee' AND EXISTS (
        SELECT FROM postings
        WHERE entry_id = NEW.id AND (debit_account_code NOT IN ('5210', '5220') OR credit_account_code >= '2')
    ) THEN
        RAISE EXCEPTION 'ledger: a bank fee goes from an asset account to the bank fees'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.kind = 'gift_taken' AND EXISTS (
        SELECT FROM postings
        WHERE entry_id = NEW.id
            AND (debit_account_code NOT IN ('2130', '5230') OR credit_account_code NOT LIKE '112%')
    ) THEN
        RAISE EXCEPTION 'ledger: a refunded gift that is taken back leaves the bank'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.kind = 'card_payout' AND EXISTS (
        SELECT FROM postings
        WHERE entry_id = NEW.id AND NOT (
            (credit_account_code = '1131' AND debit_account_code LIKE '112%')
            OR (debit_account_code = '1131' AND credit_account_code LIKE '112%')
        )
    ) THEN
        RAISE EXCEPTION 'ledger: the card processor pays into the bank'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER journal_entries_bank_facts AFTER INSERT ON journal_entries
FOR EACH ROW WHEN (new.kind = ANY (ARRAY['bank_fee'::text, 'gift_returned'::text, 'gift_taken'::text, 'card_payout'::text]))
EXECUTE FUNCTION require_bank_facts();
