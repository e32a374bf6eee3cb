-- Which instalments a payment paid, and which fund it went to, is never changed or removed.

CREATE TRIGGER allocations_no_update BEFORE UPDATE ON allocations
BEGIN SELECT RAISE(ABORT, 'allocations is append-only'); END;

CREATE TRIGGER allocations_no_delete BEFORE DELETE ON allocations
BEGIN SELECT RAISE(ABORT, 'allocations is append-only'); END;

CREATE TRIGGER designations_no_update BEFORE UPDATE ON designations
BEGIN SELECT RAISE(ABORT, 'designations is append-only'); END;

CREATE TRIGGER designations_no_delete BEFORE DELETE ON designations
BEGIN SELECT RAISE(ABORT, 'designations is append-only'); END;
