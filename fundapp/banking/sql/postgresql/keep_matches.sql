-- A match changes once: when it is undone. None is removed. It names the bank account of its line,
-- so that an entry has one line on each account. Several matches of a line may count: it is split
-- then (keep_matched_amounts.sql).

CREATE OR REPLACE FUNCTION keep_matches() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'matches are kept as written' USING ERRCODE = 'check_violation';
    ELSIF OLD.undone_at IS NOT NULL OR (
        NEW.id, NEW.line_id, NEW.bank_account_code, NEW.payment_id, NEW.payout_id,
        NEW.journal_entry_id, NEW.amount_satang, NEW.reason, NEW.matched_by, NEW.matched_at
    ) IS DISTINCT FROM (
        OLD.id, OLD.line_id, OLD.bank_account_code, OLD.payment_id, OLD.payout_id,
        OLD.journal_entry_id, OLD.amount_satang, OLD.reason, OLD.matched_by, OLD.matched_at
    ) THEN
        RAISE EXCEPTION 'matches are kept as written' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER matches_kept_update BEFORE UPDATE ON matches
FOR EACH ROW EXECUTE FUNCTION keep_matches();

CREATE TRIGGER matches_kept_delete BEFORE DELETE ON matches
FOR EACH ROW EXECUTE FUNCTION keep_matches();

CREATE OR REPLACE FUNCTION name_account_of_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.bank_account_code IS DISTINCT FROM (
        SELECT bank_account_code FROM statement_lines WHERE id = NEW.line_id
    ) THEN
        RAISE EXCEPTION 'a match names the bank account of its line'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER matches_name_account BEFORE INSERT ON matches
FOR EACH ROW EXECUTE FUNCTION name_account_of_line();

CREATE TRIGGER matches_no_truncate BEFORE TRUNCATE ON matches
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
