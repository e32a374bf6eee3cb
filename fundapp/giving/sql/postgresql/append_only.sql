-- Which instalments a payment paid, and which fund it went to, is never changed or removed.
-- The function is in fundapp/db/sql/postgresql/refuse_change.sql.

CREATE TRIGGER allocations_no_update BEFORE UPDATE ON allocations
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER allocations_no_delete BEFORE DELETE ON allocations
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER allocations_no_truncate BEFORE TRUNCATE ON allocations
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER designations_no_update BEFORE UPDATE ON designations
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER designations_no_delete BEFORE DELETE ON designations
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER designations_no_truncate BEFORE TRUNCATE ON designations
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
