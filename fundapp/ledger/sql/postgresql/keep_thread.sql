-- The cache of the thread says of each entry no more than it moved. PostgreSQL.
--
-- thread_moves, thread_rests, thread_heads and thread_late hold what fundapp/ledger/thread/rule.py
-- makes of the journal. Whether they do is for the check ledger.thread; the database refuses what no
-- journal can lead to:
--
-- 1. A part of more than its source brought or its taker took, or between entries of another fund. A
--    move is written and removed, never changed.
-- 2. A rest of more than its entry brought or, below zero, took.
--
-- Money that is written after the head of its fund has passed its place is noted in thread_late when
-- it is folded (fold_fund_balance.sql; docs/decisions/0026-the-thread.md).

CREATE OR REPLACE FUNCTION net_of_entry(entry bigint, fund text) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(
        amount_satang * ((credit_account_code >= '3')::int - (debit_account_code >= '3')::int)
    ), 0)::bigint
    FROM postings WHERE entry_id = entry AND fund_code = fund
$$;

CREATE OR REPLACE FUNCTION keep_thread() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_right boolean := false;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'thread: a row of % is not changed', TG_TABLE_NAME
            USING ERRCODE = 'check_violation';
    END IF;
    IF TG_TABLE_NAME = 'thread_moves' THEN
        is_right := net_of_entry(NEW.source_entry_id, NEW.fund_code) >= abs(NEW.satang)
            AND -net_of_entry(NEW.taker_entry_id, NEW.fund_code) >= abs(NEW.satang);
    ELSE
        is_right := net_of_entry(NEW.entry_id, NEW.fund_code) * sign(NEW.rest_satang)
            >= abs(NEW.rest_satang);
    END IF;
    IF NOT is_right THEN
        RAISE EXCEPTION 'thread: more than the entry moved' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER thread_moves_in_bounds BEFORE INSERT OR UPDATE ON thread_moves
FOR EACH ROW EXECUTE FUNCTION keep_thread();

CREATE TRIGGER thread_rests_in_bounds BEFORE INSERT OR UPDATE ON thread_rests
FOR EACH ROW EXECUTE FUNCTION keep_thread();
