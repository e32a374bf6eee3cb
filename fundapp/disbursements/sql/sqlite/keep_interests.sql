-- Who declared an interest in a request neither decides on it nor lets its payment go on; a
-- declaration stays.

CREATE TRIGGER approvals_without_interest BEFORE INSERT ON approvals
WHEN EXISTS (
    SELECT 1 FROM request_interests
    WHERE request_id = NEW.request_id AND user_id = NEW.approver_id
)
BEGIN SELECT RAISE(ABORT, 'who declared an interest in a request does not decide on it'); END;

CREATE TRIGGER payment_releases_without_interest BEFORE INSERT ON payment_releases
WHEN EXISTS (
    SELECT 1 FROM request_interests
    WHERE request_id = NEW.request_id AND user_id = NEW.released_by_id
)
BEGIN SELECT RAISE(ABORT, 'who declared an interest in a request does not decide on it'); END;

CREATE TRIGGER request_interests_no_replace BEFORE INSERT ON request_interests BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: request_interests (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM request_interests
        WHERE request_id = NEW.request_id AND user_id = NEW.user_id
    );
END;

CREATE TRIGGER request_interests_no_update BEFORE UPDATE ON request_interests
BEGIN SELECT RAISE(ABORT, 'request_interests is append-only'); END;

CREATE TRIGGER request_interests_no_delete BEFORE DELETE ON request_interests
BEGIN SELECT RAISE(ABORT, 'request_interests is append-only'); END;
