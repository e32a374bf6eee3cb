-- Debits and credits of each fund, account and month. On SQLite the balance rows are always up to
-- date (keep_monthly_balances.sql), so the view is the table.

CREATE VIEW account_months AS
SELECT fund_code, account_code, month_on, debit_satang, credit_satang FROM monthly_balances;
