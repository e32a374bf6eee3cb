-- An entry seals its postings, and a fund is not overspent. SQLite.
--
-- Postings are written first, then their entry, which states how many they are and what they add up
-- to (docs/decisions/0002-postings-before-entries.md). When the entry is written:
--
-- 1. Its month must be open: no entry is posted into a closed month.
-- 2. It must have exactly the postings it states. The postings' keys then leave no room for
--    another: position <= posting_count, and the primary key (entry_id, position).
-- 3. Each fund's available money changes by the effect of its postings: a credit of net assets,
--    income or expense (codes from '3') adds to it, a debit takes from it
--    (docs/decisions/0008-type-of-an-account.md).
--
-- OVERSPENDING is refused by step 3: the table fund_balances has the CHECK not_overspent,
-- available_satang >= 0 (class FundBalance in fundapp/ledger/models.py), so an entry that would
-- take more than a fund has is refused with everything else of its transaction.

CREATE TRIGGER journal_entries_seal AFTER INSERT ON journal_entries BEGIN
    SELECT RAISE(ABORT, 'ledger: the period is not open')
    WHERE NOT EXISTS (
        SELECT 1 FROM periods
        WHERE starts_on = substr(NEW.entry_on, 1, 8) || '01' AND status = 'open'
    );
    SELECT RAISE(ABORT, 'ledger: the entry does not hold the postings it states')
    WHERE (
        SELECT count(*) <> NEW.posting_count OR coalesce(sum(amount_satang), 0) <> NEW.total_satang
        FROM postings WHERE entry_id = NEW.id
    );
    UPDATE fund_balances SET available_satang = available_satang + (
        SELECT sum(amount_satang * ((credit_account_code >= '3') - (debit_account_code >= '3')))
        FROM postings WHERE entry_id = NEW.id AND fund_code = fund_balances.fund_code
    )
    WHERE fund_code IN (SELECT fund_code FROM postings WHERE entry_id = NEW.id);
END;
