-- A noted account of somebody who works for the fund stays: nobody takes away what a payee is held
-- against.

CREATE TRIGGER staff_accounts_no_update BEFORE UPDATE ON staff_accounts
BEGIN SELECT RAISE(ABORT, 'staff_accounts is append-only'); END;

CREATE TRIGGER staff_accounts_no_delete BEFORE DELETE ON staff_accounts
BEGIN SELECT RAISE(ABORT, 'staff_accounts is append-only'); END;

-- INSERT OR REPLACE removes no row: fundapp/ledger/sql/sqlite/refuse_replacing.sql.
CREATE TRIGGER staff_accounts_no_replace BEFORE INSERT ON staff_accounts
WHEN EXISTS (
    SELECT 1 FROM staff_accounts
    WHERE id = NEW.id OR (user_id = NEW.user_id AND account_lookup = NEW.account_lookup)
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: staff_accounts (no row is replaced)'); END;
