-- What was counted stays: a count is recorded, then confirmed or refused, once. It is confirmed only
-- when its notes and coins add up to its total, and a payment of that total in cash books it. A
-- donation box keeps its number and fund.

CREATE TRIGGER cash_counts_frozen BEFORE UPDATE ON cash_counts
WHEN (
    NEW.id, NEW.public_id, NEW.kind, NEW.box_id, NEW.event_id, NEW.fund_code, NEW.account_code,
    NEW.counted_on, NEW.bag_number, NEW.total_satang, NEW.book_satang, NEW.difference,
    NEW.counted_by_id, NEW.counted_at, NEW.idempotency_key, NEW.form_digest
) IS NOT (
    OLD.id, OLD.public_id, OLD.kind, OLD.box_id, OLD.event_id, OLD.fund_code, OLD.account_code,
    OLD.counted_on, OLD.bag_number, OLD.total_satang, OLD.book_satang, OLD.difference,
    OLD.counted_by_id, OLD.counted_at, OLD.idempotency_key, OLD.form_digest
)
OR OLD.status <> 'counted'
BEGIN SELECT RAISE(ABORT, 'the facts of a count are frozen'); END;

CREATE TRIGGER cash_counts_kept BEFORE DELETE ON cash_counts
BEGIN SELECT RAISE(ABORT, 'cash_counts are kept for ever'); END;

CREATE TRIGGER cash_counts_begin BEFORE INSERT ON cash_counts
WHEN NEW.status <> 'counted'
BEGIN SELECT RAISE(ABORT, 'a count is confirmed by a second person'); END;

CREATE TRIGGER cash_counts_add_up BEFORE UPDATE ON cash_counts
WHEN NEW.status = 'confirmed' AND (
    (
        SELECT coalesce(sum(denomination_satang * pieces), 0) FROM cash_count_pieces
        WHERE count_id = NEW.id
    ) <> NEW.total_satang
    OR (NEW.kind <> 'office' AND NOT EXISTS (
        SELECT 1 FROM payments
        WHERE id = NEW.payment_id AND amount_satang = NEW.total_satang AND method = 'cash'
    ))
)
BEGIN SELECT RAISE(ABORT, 'notes, coins and payment add up to the count'); END;

CREATE TRIGGER cash_count_pieces_no_update BEFORE UPDATE ON cash_count_pieces
BEGIN SELECT RAISE(ABORT, 'cash_count_pieces is append-only'); END;

CREATE TRIGGER cash_count_pieces_no_delete BEFORE DELETE ON cash_count_pieces
BEGIN SELECT RAISE(ABORT, 'cash_count_pieces is append-only'); END;

CREATE TRIGGER cash_count_pieces_join BEFORE INSERT ON cash_count_pieces
WHEN NOT EXISTS (SELECT 1 FROM cash_counts WHERE id = NEW.count_id AND status = 'counted')
BEGIN SELECT RAISE(ABORT, 'nothing joins a count that is confirmed'); END;

CREATE TRIGGER donation_boxes_frozen BEFORE UPDATE ON donation_boxes
WHEN (
    NEW.id, NEW.number, NEW.fund_code
) IS NOT (
    OLD.id, OLD.number, OLD.fund_code
)
BEGIN SELECT RAISE(ABORT, 'a box keeps its number and fund'); END;

CREATE TRIGGER donation_boxes_kept BEFORE DELETE ON donation_boxes
BEGIN SELECT RAISE(ABORT, 'donation_boxes are kept for ever'); END;

CREATE TRIGGER cash_counts_no_replace BEFORE INSERT ON cash_counts BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: cash_counts.id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM cash_counts WHERE id = NEW.id
    );
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: cash_counts.public_id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM cash_counts WHERE public_id = NEW.public_id
    );
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: cash_counts.idempotency_key (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM cash_counts WHERE idempotency_key = NEW.idempotency_key
    );
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: cash_counts.payment_id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM cash_counts WHERE payment_id = NEW.payment_id
    );
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: cash_counts.bag_number (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM cash_counts WHERE bag_number = NEW.bag_number AND status <> 'refused'
    );
END;

CREATE TRIGGER cash_count_pieces_no_replace BEFORE INSERT ON cash_count_pieces BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: cash_count_pieces.count_id, cash_count_pieces.denomination_satang (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM cash_count_pieces WHERE count_id = NEW.count_id AND denomination_satang = NEW.denomination_satang
    );
END;

CREATE TRIGGER donation_boxes_no_replace BEFORE INSERT ON donation_boxes BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: donation_boxes.id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM donation_boxes WHERE id = NEW.id
    );
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: donation_boxes.number (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM donation_boxes WHERE number = NEW.number
    );
END;
