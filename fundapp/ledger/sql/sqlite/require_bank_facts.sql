-- An entry that may take more than there is says what the bank did, and nothing else. SQLite.
--
-- Four kinds may take an account below zero (seal_journal_entry.sql), the first three a fund as well: a
-- gift that the bank took back mirrors the donation that it reverses, posting by posting; a gift that
-- had been refunded leaves the bank for what is owed to its giver, and for the expense of what was
-- paid to the giver already; a fee goes from an asset account to the expense of bank fees, or of tax
-- that the bank withheld; and what the card processor paid out moves between its account and one at a
-- bank.

CREATE TRIGGER journal_entries_bank_facts AFTER INSERT ON journal_entries
WHEN NEW.kind IN ('bank_fee', 'gift_returned', 'gift_taken', 'card_payout') BEGIN
    SELECT RAISE(ABORT, 'ledger: a gift taken back mirrors its donation')
    WHERE NEW.kind = 'gift_returned' AND NEW.posting_count <> (
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
    );
    SELECT RAISE(ABORT, 'ledger: a bank fee goes from an asset account to the bank fees')
    FROM postings
    WHERE entry_id = NEW.id AND NEW.kind = 'bank_fee'
        AND (debit_account_code NOT IN ('5210', '5220') OR credit_account_code >= '2');
    SELECT RAISE(ABORT, 'ledger: a refunded gift that is taken back leaves the bank')
    FROM postings
    WHERE entry_id = NEW.id AND NEW.kind = 'gift_taken'
        AND (debit_account_code NOT IN ('2130', '5230') OR credit_account_code NOT LIKE '112%');
    SELECT RAISE(ABORT, 'ledger: the card processor pays into the bank')
    FROM postings
    WHERE entry_id = NEW.id AND NEW.kind = 'card_payout' AND NOT (
        (credit_account_code = '1131' AND debit_account_code LIKE '112%')
        OR (debit_account_code = '1131' AND credit_account_code LIKE '112%')
    );
END;
