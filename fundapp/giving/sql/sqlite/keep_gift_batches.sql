-- A batch keeps what was expected of it. It is posted once, and only when its rows are as many and
-- come to as much as that, each with a payment of its amount; then neither it nor a row changes.

CREATE TRIGGER gift_batches_frozen BEFORE UPDATE ON gift_batches
WHEN (
    NEW.id, NEW.public_id, NEW.method, NEW.fund_code, NEW.account_code, NEW.received_on,
    NEW.expected_count, NEW.expected_satang, NEW.sender_id, NEW.made_by, NEW.made_at,
    NEW.idempotency_key
) IS NOT (
    OLD.id, OLD.public_id, OLD.method, OLD.fund_code, OLD.account_code, OLD.received_on,
    OLD.expected_count, OLD.expected_satang, OLD.sender_id, OLD.made_by, OLD.made_at,
    OLD.idempotency_key
)
OR OLD.status <> 'open'
BEGIN SELECT RAISE(ABORT, 'the facts of a batch are frozen'); END;

CREATE TRIGGER gift_batches_kept BEFORE DELETE ON gift_batches
BEGIN SELECT RAISE(ABORT, 'gift_batches are kept for ever'); END;

CREATE TRIGGER gift_batches_begin BEFORE INSERT ON gift_batches
WHEN NEW.status <> 'open'
BEGIN SELECT RAISE(ABORT, 'a batch begins open'); END;

CREATE TRIGGER gift_batches_add_up BEFORE UPDATE ON gift_batches
WHEN NEW.status = 'posted' AND (
    SELECT count(p.id) <> NEW.expected_count OR count(*) <> NEW.expected_count
        OR coalesce(sum(p.amount_satang), 0) <> NEW.expected_satang
    FROM gift_batch_rows r
    LEFT JOIN payments p ON p.id = r.payment_id AND p.amount_satang = r.amount_satang
    WHERE r.batch_id = NEW.id
)
BEGIN SELECT RAISE(ABORT, 'a batch is posted with what was expected of it'); END;

CREATE TRIGGER gift_batch_rows_join BEFORE INSERT ON gift_batch_rows
WHEN NOT EXISTS (SELECT 1 FROM gift_batches WHERE id = NEW.batch_id AND status = 'open')
BEGIN SELECT RAISE(ABORT, 'the rows of a batch stay when it is posted'); END;

CREATE TRIGGER gift_batch_rows_change BEFORE UPDATE ON gift_batch_rows
WHEN NOT EXISTS (SELECT 1 FROM gift_batches WHERE id = OLD.batch_id AND status = 'open')
BEGIN SELECT RAISE(ABORT, 'the rows of a batch stay when it is posted'); END;

CREATE TRIGGER gift_batch_rows_leave BEFORE DELETE ON gift_batch_rows
WHEN NOT EXISTS (SELECT 1 FROM gift_batches WHERE id = OLD.batch_id AND status = 'open')
BEGIN SELECT RAISE(ABORT, 'the rows of a batch stay when it is posted'); END;

CREATE TRIGGER gift_batch_rows_stay BEFORE UPDATE ON gift_batch_rows
WHEN (NEW.id, NEW.batch_id, NEW.position, NEW.amount_satang)
    IS NOT (OLD.id, OLD.batch_id, OLD.position, OLD.amount_satang)
BEGIN SELECT RAISE(ABORT, 'a row of a batch stays in its place'); END;

CREATE TRIGGER gift_batches_no_replace BEFORE INSERT ON gift_batches BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: gift_batches.id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM gift_batches WHERE id = NEW.id
    );
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: gift_batches.public_id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM gift_batches WHERE public_id = NEW.public_id
    );
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: gift_batches.idempotency_key (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM gift_batches WHERE idempotency_key = NEW.idempotency_key
    );
END;

CREATE TRIGGER gift_batch_rows_no_replace BEFORE INSERT ON gift_batch_rows BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: gift_batch_rows.id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM gift_batch_rows WHERE id = NEW.id
    );
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: gift_batch_rows.batch_id, gift_batch_rows.position (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM gift_batch_rows WHERE batch_id = NEW.batch_id AND position = NEW.position
    );
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: gift_batch_rows.payment_id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM gift_batch_rows WHERE payment_id = NEW.payment_id
    );
END;
