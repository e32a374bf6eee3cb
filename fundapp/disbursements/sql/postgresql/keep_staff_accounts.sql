-- A noted account of somebody who works for the fund stays: nobody takes away what a payee is held
-- against.
-- The function is in fundapp/db/sql/postgresql/refuse_change.sql.

CREATE TRIGGER staff_accounts_no_update BEFORE UPDATE ON staff_accounts
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER staff_accounts_no_delete BEFORE DELETE ON staff_accounts
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER staff_accounts_no_truncate BEFORE TRUNCATE ON staff_accounts
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
