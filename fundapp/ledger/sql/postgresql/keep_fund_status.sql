-- A closed fund takes no entry; a frozen one approves, pays and moves nothing; a fund is closed when
-- nothing of it lies anywhere. What other packages keep of it: keep_fund_status.sql there.
--
-- Of a frozen fund everything else is booked: what comes in, what the bank did, reversals. That no
-- posting goes into a closed fund is in seal_journal_entry.sql, which every entry runs.

CREATE OR REPLACE FUNCTION refuse_frozen_fund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM postings p JOIN funds f ON f.code = p.fund_code
        WHERE p.entry_id = NEW.id AND f.status = 'frozen'
    ) THEN
        RAISE EXCEPTION 'the fund is frozen' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION close_empty_fund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> 'closed' OR OLD.status = 'closed' THEN
        RETURN NEW;
    END IF;
    -- Whoever posts to the fund holds its row: the wait for them comes first, then what they wrote
    -- is seen.
    PERFORM FROM funds WHERE code = NEW.code FOR UPDATE;
    IF EXISTS (
        SELECT 1 FROM account_months WHERE fund_code = NEW.code AND account_code < '3'
        GROUP BY account_code HAVING sum(debit_satang) <> sum(credit_satang)
    ) THEN
        RAISE EXCEPTION 'the fund still holds money' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER journal_entries_of_frozen_fund AFTER INSERT ON journal_entries
FOR EACH ROW WHEN (new.kind = ANY (ARRAY['assistance_approved'::text, 'assistance_paid'::text, 'transfer'::text]))
EXECUTE FUNCTION refuse_frozen_fund();

CREATE TRIGGER funds_close_empty BEFORE UPDATE ON funds
FOR EACH ROW EXECUTE FUNCTION close_empty_fund();
