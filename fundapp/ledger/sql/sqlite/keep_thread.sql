-- The cache of the thread says of each entry no more than it moved. SQLite.
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
-- 4. Money that is written after the head of its fund has passed its place is noted in thread_late:
--    ids are taken before an entry is written, so a later one may be written first
--    (docs/decisions/0026-the-thread.md).

CREATE TRIGGER thread_moves_in_bounds BEFORE INSERT ON thread_moves BEGIN
    SELECT RAISE(ABORT, 'thread: more than the entry moved')
    WHERE coalesce((
        SELECT sum(amount_satang * ((credit_account_code >= '3') - (debit_account_code >= '3')))
        FROM postings WHERE entry_id = NEW.source_entry_id AND fund_code = NEW.fund_code
    ), 0) < abs(NEW.satang) OR coalesce((
        SELECT sum(amount_satang * ((debit_account_code >= '3') - (credit_account_code >= '3')))
        FROM postings WHERE entry_id = NEW.taker_entry_id AND fund_code = NEW.fund_code
    ), 0) < abs(NEW.satang);
END;

CREATE TRIGGER thread_moves_no_update BEFORE UPDATE ON thread_moves BEGIN
    SELECT RAISE(ABORT, 'thread: a move is not changed');
END;

CREATE TRIGGER thread_rests_in_bounds BEFORE INSERT ON thread_rests BEGIN
    SELECT RAISE(ABORT, 'thread: more than the entry moved')
    WHERE coalesce((
        SELECT sum(amount_satang * ((credit_account_code >= '3') - (debit_account_code >= '3')))
        FROM postings WHERE entry_id = NEW.entry_id AND fund_code = NEW.fund_code
    ), 0) * sign(NEW.rest_satang) < abs(NEW.rest_satang);
END;

CREATE TRIGGER thread_rests_no_update BEFORE UPDATE ON thread_rests BEGIN
    SELECT RAISE(ABORT, 'thread: a rest is not changed');
END;

CREATE TRIGGER thread_heads_in_bounds BEFORE INSERT ON thread_heads BEGIN
    SELECT RAISE(ABORT, 'thread: the head is no source of its fund')
    WHERE NEW.head_entry_id <> -1 AND NOT EXISTS (
        SELECT 1 FROM thread_moves
        WHERE source_entry_id = NEW.head_entry_id AND fund_code = NEW.fund_code
    );
    SELECT RAISE(ABORT, 'thread: the last entry did not touch its fund')
    WHERE NOT EXISTS (
        SELECT 1 FROM postings WHERE entry_id = NEW.last_entry_id AND fund_code = NEW.fund_code
    );
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: thread_heads (no row is replaced)')
    WHERE EXISTS (SELECT 1 FROM thread_heads WHERE fund_code = NEW.fund_code);
END;

CREATE TRIGGER thread_heads_no_update BEFORE UPDATE ON thread_heads BEGIN
    SELECT RAISE(ABORT, 'thread: a head is not changed');
END;

CREATE TRIGGER journal_entries_late AFTER INSERT ON journal_entries
WHEN EXISTS (SELECT 1 FROM thread_heads WHERE last_entry_id >= NEW.id) BEGIN
    INSERT INTO thread_late (fund_code, entry_id)
    SELECT h.fund_code, NEW.id
    FROM thread_heads AS h
    WHERE h.last_entry_id >= NEW.id
        AND 0 < (
            SELECT sum(amount_satang * ((credit_account_code >= '3') - (debit_account_code >= '3')))
            FROM postings WHERE entry_id = NEW.id AND fund_code = h.fund_code
        )
        AND (
            h.head_entry_id >= NEW.id
            OR EXISTS (
                SELECT 1 FROM thread_rests WHERE fund_code = h.fund_code AND rest_satang < 0
            )
        );
END;
