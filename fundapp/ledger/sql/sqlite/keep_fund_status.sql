-- A closed fund takes no entry; a frozen one approves, pays and moves nothing; a fund is closed when
-- nothing of it lies anywhere. What other packages keep of it: keep_fund_status.sql there.
--
-- Of a frozen fund everything else is booked: what comes in, what the bank did, reversals. Of a
-- closed one the closing of its last fiscal year is booked, which moves no money
-- (fundapp/ledger/sql/sqlite/keep_year_ends.sql).

CREATE TRIGGER postings_of_closed_fund BEFORE INSERT ON postings
WHEN EXISTS (SELECT 1 FROM funds WHERE code = NEW.fund_code AND status = 'closed')
    AND NOT (
        substr(NEW.entry_on, 6) = '09-30'
        AND min(NEW.debit_account_code, NEW.credit_account_code) = '3110'
        AND max(NEW.debit_account_code, NEW.credit_account_code) >= '4'
    )
BEGIN SELECT RAISE(ABORT, 'the fund is closed'); END;

CREATE TRIGGER journal_entries_of_frozen_fund BEFORE INSERT ON journal_entries
WHEN NEW.kind IN ('assistance_approved', 'assistance_paid', 'transfer') AND EXISTS (
    SELECT 1 FROM postings p JOIN funds f ON f.code = p.fund_code
    WHERE p.entry_id = NEW.id AND f.status = 'frozen'
)
BEGIN SELECT RAISE(ABORT, 'the fund is frozen'); END;

CREATE TRIGGER funds_close_empty BEFORE UPDATE ON funds
WHEN NEW.status = 'closed' AND OLD.status <> 'closed' AND EXISTS (
    SELECT 1 FROM monthly_balances WHERE fund_code = NEW.code AND account_code < '3'
    GROUP BY account_code HAVING sum(debit_satang) <> sum(credit_satang)
)
BEGIN SELECT RAISE(ABORT, 'the fund still holds money'); END;
