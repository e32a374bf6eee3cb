-- INSERT OR REPLACE removes no row of these tables.
-- Why a trigger is needed: fundapp/ledger/sql/sqlite/refuse_replacing.sql.

CREATE TRIGGER matches_no_replace BEFORE INSERT ON matches BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: matches.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM matches WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: matches.payment_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM matches WHERE payment_id = NEW.payment_id AND undone_at IS NULL);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: matches.payout_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM matches WHERE payout_id = NEW.payout_id AND undone_at IS NULL);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: matches.journal_entry_id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM matches
        WHERE journal_entry_id = NEW.journal_entry_id
            AND bank_account_code = NEW.bank_account_code AND undone_at IS NULL
    );
END;

CREATE TRIGGER statement_lines_no_replace BEFORE INSERT ON statement_lines BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: statement_lines.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM statement_lines WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: statement_lines.public_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM statement_lines WHERE public_id = NEW.public_id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: statement_lines.ordinal (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM statement_lines
        WHERE bank_account_code = NEW.bank_account_code AND booked_on = NEW.booked_on
            AND withdrawal_satang = NEW.withdrawal_satang AND deposit_satang = NEW.deposit_satang
            AND ordinal = NEW.ordinal
    );
END;

CREATE TRIGGER statements_no_replace BEFORE INSERT ON statements BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: statements.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM statements WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: statements.public_id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM statements WHERE public_id = NEW.public_id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: statements.bank_account_code, statements.file_sha256 (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM statements
        WHERE bank_account_code = NEW.bank_account_code AND file_sha256 = NEW.file_sha256
            AND undone_at IS NULL
    );
END;

CREATE TRIGGER stated_lines_no_replace BEFORE INSERT ON stated_lines BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: stated_lines.row_number (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM stated_lines
        WHERE statement_id = NEW.statement_id AND row_number = NEW.row_number
    );
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: stated_lines.id (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM stated_lines WHERE id = NEW.id);
END;

CREATE TRIGGER statement_profiles_no_replace BEFORE INSERT ON statement_profiles BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: statement_profiles.code (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM statement_profiles WHERE code = NEW.code);
END;
