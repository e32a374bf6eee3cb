-- An entry seals its postings, and takes no more than there is. PostgreSQL.
--
-- Postings are written first, then their entry, which states how many they are and what they add up
-- to (docs/decisions/0002-postings-before-entries.md). When the entry is written:
--
-- 0. It is one that the CHECKs of class JournalEntry describe, and so are its postings. PostgreSQL
--    reads the text of each CHECK anew for every statement, which took a fifth of a posting's time;
--    so these are asked here, under their names (`kept_by_trigger`, fundapp/db/columns.py). So
--    are the accounts of the postings (their foreign keys on SQLite): each key would lock the
--    account's row, which every gift to one bank account shares. keep_accounts.sql keeps the rows.
-- 1. Its month must be open: no entry is posted into a closed month. The transaction takes a shared
--    advisory lock on the month; whoever closes the month takes it alone (wait_for_postings.sql),
--    so that closing waits for postings under way, and later postings find the month closed. A
--    transaction with an old snapshot (repeatable read, serializable) would still see the month
--    open after that wait; it locks the month's row as well, and PostgreSQL refuses it with a
--    serialization failure when the row has changed.
-- 2. It must have exactly the postings it states. The postings' keys then leave no room for
--    another: position <= posting_count, and the primary key (entry_id, position).
-- 3. Its funds are not closed, but for the closing of a fiscal year, and their money moves only into and out of the asset accounts that
--    they name, so money that must be kept apart is not mixed at the bank, whatever program posts.
--    The funds' rows are held first: whoever closes a fund or changes its accounts locks that row,
--    so that the entry sees either the fund before, and is waited for, or the fund after. A fund that
--    is not there has no row in step 2. Nobody removes a fund: keep_balance_rows.sql.
-- 4. Each fund of the entry gets one row in balance_deltas: the effect of its postings on the
--    fund's available money. A credit of net assets, income or expense (codes from '3') adds to it,
--    a debit takes from it (docs/decisions/0008-type-of-an-account.md). Nobody waits for this row
--    (docs/decisions/0003-balance-deltas.md).
-- 5. Where the effect is negative, or an asset account (codes from '1') is lowered, the statement is
--    noted as one that takes; take_no_more.sql looks at all its entries together when it ends. Of
--    other entries of one fund about every 250th folds the fund's deltas into fund_balances
--    (fold_fund_balance.sql), if the row is free.
--
-- OVERSPENDING is refused there: the table fund_balances has the CHECK not_overspent,
-- available_satang >= 0 (class FundBalance in fundapp/ledger/models.py), so an entry that would
-- take more than a fund has is refused with everything else of its transaction; and while a fund
-- has a shortage nothing is taken out of it.
--
-- Only BANK FACTS may take more than there is, of a fund and of an account: a fee, a gift that the
-- bank took back, and what the card processor paid out. What such an entry must be: require_bank_facts.sql. Why:
-- docs/decisions/0015-shortage-of-a-fund.md.
--
-- Every posting pays for this function (docs/decisions/0009-posting-below-the-layers.md): month and
-- postings are read by one statement, without sorting or grouping; only an entry of several funds
-- is grouped afterwards. An entry of one asset account, which has more after it than before (a
-- gift, less its fee), lowers none; of any other that credits one, take_no_more.sql finds out.
-- Measure a change of it with `make bench`.

CREATE OR REPLACE FUNCTION seal_journal_entry() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    posting record;
    fund text;
    several boolean := false;
    postings_found bigint := 0;
    total_found bigint := 0;
    effect bigint := 0;
    month date := date_trunc('month', NEW.entry_on);
    asset text;
    asset_effect bigint := 0;
    credits_asset boolean := false;
    takes boolean;
    several_assets boolean := false;
    is_reversing boolean := NEW.kind IN ('reversal', 'gift_returned', 'gift_refunded');
    broken text := CASE
        WHEN NEW.kind NOT IN (
            'donation', 'assistance_approved', 'assistance_paid', 'bank_fee', 'bank_interest',
            'assistance_returned',
            'transfer', 'suspense', 'card_payout', 'reversal', 'gift_returned', 'gift_refunded',
            'refund_paid', 'gift_taken', 'advance', 'opening', 'year_end'
        ) THEN 'kind_known'
        WHEN NEW.posting_count NOT BETWEEN 1 AND 1000 THEN 'posting_count_in_range'
        WHEN NEW.total_satang <= 0 THEN 'total_positive'
        WHEN NEW.maker = '' THEN 'maker_named'
        WHEN length(NEW.leaf_hash) <> 32 THEN 'leaf_hash_sha256'
        WHEN NEW.kind IN (
            'assistance_approved', 'assistance_paid', 'gift_refunded', 'refund_paid', 'advance'
        )
            AND (NEW.checker = '' OR NEW.maker = NEW.checker) THEN 'two_people'
        WHEN is_reversing <> (NEW.reverses_entry_id IS NOT NULL) THEN 'reversal_names_entry'
        WHEN is_reversing AND NEW.memo = '' THEN 'reversal_has_reason'
        WHEN NEW.reverses_entry_id >= NEW.id THEN 'reverses_earlier'
    END;
BEGIN
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'new row violates check constraint "ck_journal_entries_%"', broken
            USING ERRCODE = 'check_violation';
    END IF;
    -- The first key, 1, stands for the months of the books.
    PERFORM pg_advisory_xact_lock_shared(1, month - date '2000-01-01');
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        PERFORM FROM periods WHERE starts_on = month FOR SHARE;
    END IF;
    PERFORM FROM funds
    WHERE code IN (SELECT fund_code FROM postings WHERE entry_id = NEW.id) FOR KEY SHARE;
    FOR posting IN
        SELECT
            p.fund_code, p.amount_satang, p.debit_account_code, p.credit_account_code, f.status,
            p.amount_satang
                * ((p.credit_account_code >= '3')::int - (p.debit_account_code >= '3')::int)
                AS effect,
            (
                SELECT count(*) FROM fund_accounts a
                WHERE a.fund_code = p.fund_code
                    AND a.account_code IN (p.debit_account_code, p.credit_account_code)
            ) < (p.debit_account_code < '2')::int + (p.credit_account_code < '2')::int AS is_elsewhere,
            (
                SELECT count(*) FROM accounts
                WHERE code IN (p.debit_account_code, p.credit_account_code)
            ) < 2 AS is_unknown
        FROM periods, postings p, funds f
        WHERE p.entry_id = NEW.id AND f.code = p.fund_code
            AND starts_on = month AND periods.status = 'open'
    LOOP
        IF posting.amount_satang <= 0 OR posting.debit_account_code = posting.credit_account_code THEN
            RAISE EXCEPTION 'new row violates check constraint "ck_postings_%"',
                CASE WHEN posting.amount_satang <= 0 THEN 'amount_positive' ELSE 'two_accounts' END
                USING ERRCODE = 'check_violation';
        END IF;
        IF posting.is_unknown THEN
            RAISE EXCEPTION 'the posting names an account that is not there'
                USING ERRCODE = 'foreign_key_violation';
        END IF;
        IF posting.status = 'closed' AND NEW.kind <> 'year_end' THEN
            RAISE EXCEPTION 'the fund is closed' USING ERRCODE = 'check_violation';
        END IF;
        IF posting.is_elsewhere THEN
            RAISE EXCEPTION 'the fund keeps no money in this account'
                USING ERRCODE = 'check_violation';
        END IF;
        several := several OR posting.fund_code <> coalesce(fund, posting.fund_code);
        fund := posting.fund_code;
        postings_found := postings_found + 1;
        total_found := total_found + posting.amount_satang;
        effect := effect + posting.effect;
        IF posting.debit_account_code < '2' THEN
            several_assets := several_assets OR posting.debit_account_code <> asset;
            asset := posting.debit_account_code;
            asset_effect := asset_effect + posting.amount_satang;
        END IF;
        IF posting.credit_account_code < '2' THEN
            several_assets := several_assets OR posting.credit_account_code <> asset;
            asset := posting.credit_account_code;
            asset_effect := asset_effect - posting.amount_satang;
            credits_asset := true;
        END IF;
    END LOOP;
    IF postings_found <> NEW.posting_count OR total_found <> NEW.total_satang THEN
        IF NOT EXISTS (SELECT FROM periods WHERE starts_on = month AND status = 'open') THEN
            RAISE EXCEPTION 'ledger: the period is not open' USING ERRCODE = 'check_violation';
        END IF;
        RAISE EXCEPTION 'ledger: the entry does not hold the postings it states'
            USING ERRCODE = 'check_violation';
    END IF;
    credits_asset := credits_asset AND (several OR several_assets OR asset_effect < 0);
    IF several THEN
        WITH deltas AS (
            INSERT INTO balance_deltas (fund_code, entry_id, month_on, available_satang)
            SELECT
                fund_code, NEW.id, month,
                sum(
                    amount_satang
                    * ((credit_account_code >= '3')::int - (debit_account_code >= '3')::int)
                )
            FROM postings WHERE entry_id = NEW.id GROUP BY fund_code
            RETURNING available_satang
        )
        SELECT min(available_satang) < 0 INTO takes FROM deltas;
    ELSE
        INSERT INTO balance_deltas (fund_code, entry_id, month_on, available_satang)
        VALUES (fund, NEW.id, month, effect);
        takes := effect < 0;
    END IF;
    IF takes OR credits_asset THEN
        PERFORM set_config('ledger.takes', 'yes', true);
    ELSIF NOT several AND random() < 0.004
        AND current_setting('ledger.takes', true) IS DISTINCT FROM 'yes'
    THEN
        PERFORM fold_fund_balance(fund, false, true);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER journal_entries_seal AFTER INSERT ON journal_entries
FOR EACH ROW EXECUTE FUNCTION seal_journal_entry();
