-- Money that waits is a liability: no fund has it, and no more of it is given out than waits. SQLite.
--
-- 2120 is money that came in and that nobody has recognised yet; 2140 is interest on an account of
-- zakat, which must not become zakat, until it is moved away. A suspense entry puts money there from
-- an asset account, or takes it away again.

CREATE TRIGGER journal_entries_waiting_money AFTER INSERT ON journal_entries BEGIN
    SELECT RAISE(ABORT, 'ledger: a suspense entry is between the bank and the money that waits')
    FROM postings
    WHERE entry_id = NEW.id AND NEW.kind = 'suspense' AND NOT (
        (debit_account_code < '2' AND credit_account_code = '2120')
        OR (credit_account_code < '2' AND debit_account_code IN ('2120', '2140'))
    );
    SELECT RAISE(ABORT, 'ledger: interest does not become zakat')
    FROM postings JOIN funds ON funds.code = postings.fund_code
    WHERE entry_id = NEW.id AND NEW.kind = 'bank_interest' AND funds.restriction = 'zakat'
        AND credit_account_code <> '2140';
    SELECT RAISE(ABORT, 'ledger: less waits there')
    FROM postings AS taking
    WHERE taking.entry_id = NEW.id AND taking.debit_account_code IN ('2120', '2140')
        AND (
            SELECT coalesce(sum(amount_satang), 0) FROM postings
            WHERE fund_code = taking.fund_code AND credit_account_code = taking.debit_account_code
        ) < (
            SELECT coalesce(sum(amount_satang), 0) FROM postings
            WHERE fund_code = taking.fund_code AND debit_account_code = taking.debit_account_code
        );
END;
