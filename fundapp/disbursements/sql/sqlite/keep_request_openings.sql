-- An auditor's reason for seeing whom a request names stays as written.

CREATE TRIGGER request_openings_no_update BEFORE UPDATE ON request_openings
BEGIN SELECT RAISE(ABORT, 'request_openings is append-only'); END;

CREATE TRIGGER request_openings_no_delete BEFORE DELETE ON request_openings
BEGIN SELECT RAISE(ABORT, 'request_openings is append-only'); END;

-- INSERT OR REPLACE removes no row: fundapp/ledger/sql/sqlite/refuse_replacing.sql.
CREATE TRIGGER request_openings_no_replace BEFORE INSERT ON request_openings
WHEN EXISTS (
    SELECT 1 FROM request_openings
    WHERE id = NEW.id
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: request_openings (no row is replaced)'); END;
