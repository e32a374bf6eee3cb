-- A slip begins as waiting and stays what was sent; it is confirmed only by a payment of its own pledge
-- that counts. None is removed.
--
-- The bank's reference is left free: it is encrypted again when keys rotate.

CREATE TRIGGER slips_begin_waiting BEFORE INSERT ON slips
WHEN NEW.status <> 'waiting'
BEGIN SELECT RAISE(ABORT, 'a slip begins as waiting'); END;

CREATE TRIGGER slips_kept_update BEFORE UPDATE ON slips
WHEN (
    NEW.id, NEW.public_id, NEW.pledge_id, NEW.instalment_id, NEW.document_id, NEW.original_sha256,
    NEW.sending_bank, NEW.code_digest, NEW.sent_at
) IS NOT (
    OLD.id, OLD.public_id, OLD.pledge_id, OLD.instalment_id, OLD.document_id, OLD.original_sha256,
    OLD.sending_bank, OLD.code_digest, OLD.sent_at
)
BEGIN SELECT RAISE(ABORT, 'slips are kept as sent'); END;

CREATE TRIGGER slips_confirmed_by_money BEFORE UPDATE ON slips
WHEN NEW.status = 'confirmed' AND OLD.status <> 'confirmed' AND NOT EXISTS (
    SELECT 1 FROM payments
    WHERE id = NEW.payment_id AND pledge_id = NEW.pledge_id AND status = 'received'
)
BEGIN SELECT RAISE(ABORT, 'a slip is confirmed by a payment of its pledge'); END;

CREATE TRIGGER slips_confirmed_stay BEFORE UPDATE ON slips
WHEN OLD.status = 'confirmed' AND NEW.status = 'confirmed' AND NEW.payment_id IS NOT OLD.payment_id
BEGIN SELECT RAISE(ABORT, 'a slip is confirmed by one payment'); END;

CREATE TRIGGER slips_kept_delete BEFORE DELETE ON slips
BEGIN SELECT RAISE(ABORT, 'slips are kept as sent'); END;

-- INSERT OR REPLACE removes no row: fundapp/ledger/sql/sqlite/refuse_replacing.sql.
CREATE TRIGGER slips_no_replace BEFORE INSERT ON slips BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: slips.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM slips WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: slips.public_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM slips WHERE public_id = NEW.public_id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: slips.document_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM slips WHERE document_id = NEW.document_id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: slips.pledge_id, slips.original_sha256 (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM slips
        WHERE pledge_id = NEW.pledge_id AND original_sha256 = NEW.original_sha256
    );
END;
