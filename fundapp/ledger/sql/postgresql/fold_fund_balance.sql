-- Fold a fund's waiting deltas into its balance rows, under the lock of its row in fund_balances.
--
-- The CHECK not_overspent of fund_balances then sees everything that was posted to the fund. `wait`
-- false: give up where somebody else has the row. What a delta's postings did to the accounts is
-- read from the postings here, so that posting need not write it
-- (docs/decisions/0003-balance-deltas.md). OFFSET 0 keeps the planner from joining in another
-- order: postings are looked up entry by entry, and the cost does not grow with the journal.
--
-- `may_be_short` false: somebody decided to take money out, so the fund must have it; without it,
-- what is missing is the fund's shortage (docs/decisions/0015-shortage-of-a-fund.md). Income covers
-- a shortage first. Each entry that made, raised or covered a part of it leaves a row in
-- shortage_changes; income is counted before what takes money out.
--
-- Income whose place the thread of the fund has passed is noted in thread_late: its id was taken before
-- that of what was spent, and it was written after it (docs/decisions/0026-the-thread.md).
--
-- Called by take_no_more.sql, by seal_journal_entry.sql and by the worker (fold_balances in
-- fundapp/ledger/operations/entries.py).

CREATE OR REPLACE FUNCTION fold_fund_balance(fund text, wait boolean, may_be_short boolean)
RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    balance record;
    deltas record;
    net bigint;
BEGIN
    IF wait THEN
        SELECT * INTO balance FROM fund_balances WHERE fund_code = fund FOR UPDATE;
    ELSE
        SELECT * INTO balance FROM fund_balances WHERE fund_code = fund FOR UPDATE SKIP LOCKED;
    END IF;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    WITH folded AS (
        DELETE FROM balance_deltas WHERE fund_code = fund RETURNING *
    ), months AS (
        INSERT INTO monthly_balances (
            fund_code, account_code, month_on, debit_satang, credit_satang
        )
        SELECT fund, side.account_code, folded.month_on, sum(side.debit), sum(side.credit)
        FROM folded CROSS JOIN LATERAL (
            SELECT moved.account_code, moved.debit, moved.credit
            FROM postings p CROSS JOIN LATERAL (
                VALUES
                    (p.debit_account_code, p.amount_satang, 0),
                    (p.credit_account_code, 0, p.amount_satang)
            ) AS moved (account_code, debit, credit)
            WHERE p.entry_id = folded.entry_id AND p.fund_code = folded.fund_code OFFSET 0
        ) AS side
        GROUP BY side.account_code, folded.month_on
        ON CONFLICT (fund_code, account_code, month_on) DO UPDATE SET
            debit_satang = monthly_balances.debit_satang + excluded.debit_satang,
            credit_satang = monthly_balances.credit_satang + excluded.credit_satang
    )
    SELECT
        sum(available_satang) AS effect,
        array_agg(entry_id ORDER BY available_satang < 0, entry_id) AS entries,
        array_agg(available_satang ORDER BY available_satang < 0, entry_id) AS effects
    INTO deltas FROM folded;
    IF deltas.effect IS NULL THEN
        RETURN;
    END IF;
    net := balance.available_satang - balance.shortage_satang + deltas.effect;
    IF net < 0 AND balance.shortage_satang > 0 AND NOT may_be_short THEN
        RAISE EXCEPTION 'ledger: the fund has a shortage' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE fund_balances SET
        available_satang = CASE WHEN may_be_short THEN greatest(net, 0) ELSE net END,
        shortage_satang = CASE WHEN may_be_short THEN greatest(-net, 0) ELSE 0 END
    WHERE fund_code = fund;
    INSERT INTO thread_late (fund_code, entry_id)
    SELECT fund, late.entry_id
    FROM thread_heads h, unnest(deltas.entries, deltas.effects) AS late (entry_id, effect)
    WHERE h.fund_code = fund AND late.entry_id <= h.last_entry_id AND late.effect > 0 AND (
        late.entry_id <= h.head_entry_id
        OR EXISTS (SELECT FROM thread_rests WHERE fund_code = fund AND rest_satang < 0)
    )
    ON CONFLICT DO NOTHING;
    IF net < 0 OR balance.shortage_satang > 0 THEN
        INSERT INTO shortage_changes (fund_code, number, entry_id, change_satang, shortage_satang)
        SELECT
            fund,
            (SELECT count(*) FROM shortage_changes WHERE fund_code = fund)
                + row_number() OVER (ORDER BY place),
            entry_id, greatest(-after, 0) - greatest(effect - after, 0), greatest(-after, 0)
        FROM (
            SELECT
                *,
                balance.available_satang - balance.shortage_satang
                    + sum(effect) OVER (ORDER BY place) AS after
            FROM unnest(deltas.entries, deltas.effects)
                WITH ORDINALITY AS delta (entry_id, effect, place)
        ) AS steps
        WHERE greatest(-after, 0) <> greatest(effect - after, 0);
    END IF;
END $$;
