-- An entry seals its postings, and takes no more than there is. SQLite.
--
-- Postings are written first, then their entry, which states how many they are and what they add up
-- to (docs/decisions/0002-postings-before-entries.md). When the entry is written:
--
-- 1. Its month must be open: no entry is posted into a closed month.
-- 2. It must have exactly the postings it states. The postings' keys then leave no room for
--    another: position <= posting_count, and the primary key (entry_id, position).
-- 3. Each fund's available money changes by the effect of its postings: a credit of net assets,
--    income or expense (codes from '3') adds to it, a debit takes from it
--    (docs/decisions/0008-type-of-an-account.md). What a bank fact takes beyond it is the fund's
--    shortage, which what comes in covers first; shortage_changes says what made and covered it.
-- 4. Of each fund and asset account (codes from '1') that it lowers, something or nothing is left.
--
-- OVERSPENDING is refused by step 3: the table fund_balances has the CHECK not_overspent,
-- available_satang >= 0 (class FundBalance in fundapp/ledger/models.py), so an entry that would
-- take more than a fund has is refused with everything else of its transaction; and while a fund
-- has a shortage nothing is taken out of it.
--
-- Only BANK FACTS may take more than there is, of a fund (3) and of an account (4): a fee, a gift
-- that the bank took back, refunded before or not, and what the card processor paid out. What such an entry must be: require_bank_facts.sql. Why:
-- docs/decisions/0015-shortage-of-a-fund.md.

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
    INSERT INTO shortage_changes (fund_code, number, entry_id, change_satang, shortage_satang)
    SELECT
        fund_code,
        (SELECT count(*) + 1 FROM shortage_changes WHERE fund_code = balance.fund_code),
        NEW.id,
        CASE
            WHEN effect < 0 AND NEW.kind NOT IN ('bank_fee', 'gift_returned', 'gift_taken', 'card_payout')
                THEN RAISE(ABORT, 'ledger: the fund has a shortage')
            ELSE max(-net - effect, 0) - shortage_satang
        END,
        max(-net - effect, 0)
    FROM (
        SELECT fund_code, shortage_satang, available_satang - shortage_satang AS net, (
            SELECT sum(amount_satang * ((credit_account_code >= '3') - (debit_account_code >= '3')))
            FROM postings WHERE entry_id = NEW.id AND fund_code = fund_balances.fund_code
        ) AS effect
        FROM fund_balances
        WHERE (shortage_satang > 0 OR NEW.kind IN ('bank_fee', 'gift_returned', 'gift_taken', 'card_payout'))
            AND fund_code IN (SELECT fund_code FROM postings WHERE entry_id = NEW.id)
    ) AS balance
    WHERE max(-net - effect, 0) <> shortage_satang;
    UPDATE fund_balances SET (available_satang, shortage_satang) = (
        SELECT iif(may_be_short, max(net, 0), net), iif(may_be_short, max(-net, 0), 0) FROM (
            SELECT
                fund_balances.shortage_satang > 0
                    OR NEW.kind IN ('bank_fee', 'gift_returned', 'gift_taken', 'card_payout') AS may_be_short,
                fund_balances.available_satang - fund_balances.shortage_satang + sum(
                    amount_satang * ((credit_account_code >= '3') - (debit_account_code >= '3'))
                ) AS net
            FROM postings WHERE entry_id = NEW.id AND fund_code = fund_balances.fund_code
        )
    )
    WHERE fund_code IN (SELECT fund_code FROM postings WHERE entry_id = NEW.id);
    SELECT RAISE(ABORT, 'ledger: the account holds less of the fund')
    FROM postings AS taking
    WHERE entry_id = NEW.id AND credit_account_code < '2'
        AND NEW.kind NOT IN ('bank_fee', 'gift_returned', 'gift_taken', 'card_payout')
        AND 0 > (
            SELECT sum(
                amount_satang * (
                    (debit_account_code = taking.credit_account_code)
                    - (credit_account_code = taking.credit_account_code)
                )
            )
            FROM postings WHERE entry_id = NEW.id AND fund_code = taking.fund_code
        )
        AND 0 > (
            SELECT sum(debit_satang - credit_satang) FROM monthly_balances
            WHERE fund_code = taking.fund_code AND account_code = taking.credit_account_code
        );
END;
