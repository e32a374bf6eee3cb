-- The cache of the thread says of each entry no more than it moved. PostgreSQL.
--
-- thread_moves, thread_rests, thread_heads and thread_late hold what fundapp/ledger/thread/rule.py
-- makes of the journal. Whether they do is for the check ledger.thread; the database refuses what no
-- journal can lead to:
--
-- 1. A part of more than its source brought or its taker took, or between entries of another fund. A
--    move is written and removed, never changed.
-- 2. A rest of more than its entry brought or, below zero, took.
-- 3. A head that is no source of a move of its fund, or a last entry that did not touch it. A head is
--    written anew, never changed.
--
-- Money that is written after the head of its fund has passed its place is noted in thread_late when
-- it is folded (fold_fund_balance.sql; docs/decisions/0026-the-thread.md).

-- Rows are looked at once for each statement: help of thousands of gifts is one.

CREATE OR REPLACE FUNCTION keep_thread() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM written w
        WHERE coalesce((
            SELECT sum(
                amount_satang * ((credit_account_code >= '3')::int - (debit_account_code >= '3')::int)
            )
            FROM postings WHERE entry_id = w.source_entry_id AND fund_code = w.fund_code
        ), 0) < abs(w.satang) OR coalesce((
            SELECT sum(
                amount_satang * ((debit_account_code >= '3')::int - (credit_account_code >= '3')::int)
            )
            FROM postings WHERE entry_id = w.taker_entry_id AND fund_code = w.fund_code
        ), 0) < abs(w.satang)
    ) THEN
        RAISE EXCEPTION 'thread: more than the entry moved' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION keep_thread_rests() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM written w
        WHERE abs(w.rest_satang) > sign(w.rest_satang) * coalesce((
            SELECT sum(
                amount_satang * ((credit_account_code >= '3')::int - (debit_account_code >= '3')::int)
            )
            FROM postings WHERE entry_id = w.entry_id AND fund_code = w.fund_code
        ), 0)
    ) THEN
        RAISE EXCEPTION 'thread: more than the entry moved' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION keep_thread_heads() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.head_entry_id <> -1 AND NOT EXISTS (
        SELECT FROM thread_moves
        WHERE source_entry_id = NEW.head_entry_id AND fund_code = NEW.fund_code
    ) THEN
        RAISE EXCEPTION 'thread: the head is no source of its fund'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM postings WHERE entry_id = NEW.last_entry_id AND fund_code = NEW.fund_code
    ) THEN
        RAISE EXCEPTION 'thread: the last entry did not touch its fund'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION keep_thread_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'thread: a row of % is not changed', TG_TABLE_NAME
        USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER thread_moves_in_bounds AFTER INSERT ON thread_moves
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION keep_thread();

CREATE TRIGGER thread_rests_in_bounds AFTER INSERT ON thread_rests
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION keep_thread_rests();

CREATE TRIGGER thread_moves_no_update BEFORE UPDATE ON thread_moves
FOR EACH ROW EXECUTE FUNCTION keep_thread_rows();

CREATE TRIGGER thread_rests_no_update BEFORE UPDATE ON thread_rests
FOR EACH ROW EXECUTE FUNCTION keep_thread_rows();

CREATE TRIGGER thread_heads_in_bounds BEFORE INSERT ON thread_heads
FOR EACH ROW EXECUTE FUNCTION keep_thread_heads();

CREATE TRIGGER thread_heads_no_update BEFORE UPDATE ON thread_heads
FOR EACH ROW EXECUTE FUNCTION keep_thread_rows();
