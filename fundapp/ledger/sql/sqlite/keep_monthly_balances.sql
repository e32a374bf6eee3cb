-- Debits and credits of the month follow each posting as it is written. SQLite only: PostgreSQL
-- keeps them when it folds a fund's deltas (fundapp/ledger/sql/postgresql/fold_fund_balance.sql).
--
-- A posting whose entry is not written is refused at the commit, so for every other reader balances
-- change at the same moment as the entry appears.

CREATE TRIGGER postings_balance AFTER INSERT ON postings BEGIN
    INSERT INTO monthly_balances (fund_code, account_code, month_on, debit_satang, credit_satang)
    VALUES (
        NEW.fund_code, NEW.debit_account_code, substr(NEW.entry_on, 1, 8) || '01',
        NEW.amount_satang, 0
    )
    ON CONFLICT (fund_code, account_code, month_on)
    DO UPDATE SET debit_satang = debit_satang + excluded.debit_satang;
    INSERT INTO monthly_balances (fund_code, account_code, month_on, debit_satang, credit_satang)
    VALUES (
        NEW.fund_code, NEW.credit_account_code, substr(NEW.entry_on, 1, 8) || '01',
        0, NEW.amount_satang
    )
    ON CONFLICT (fund_code, account_code, month_on)
    DO UPDATE SET credit_satang = credit_satang + excluded.credit_satang;
END;
