-- Money moves between funds by two people, only from a fund that may give to one that may take.
-- PostgreSQL.
--
-- A transfer between funds is an entry of kind transfer with two postings over account 3120: the
-- giving fund's money leaves the account where it lies, the taking fund's arrives in the same. Money
-- of a restricted fund or of zakat is never given, and a fund of zakat takes nothing.

CREATE OR REPLACE FUNCTION keep_between_funds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM postings
        WHERE entry_id = NEW.id AND '3120' IN (debit_account_code, credit_account_code)
    ) THEN
        RETURN NULL;
    END IF;
    IF NEW.source_type <> 'fund_transfer' OR NEW.checker = '' OR NEW.checker = NEW.maker
        OR NEW.posting_count <> 2 OR NOT EXISTS (
            SELECT FROM postings AS given
            JOIN postings AS taken ON taken.entry_id = given.entry_id
                AND taken.credit_account_code = '3120'
                AND taken.debit_account_code = given.credit_account_code
                AND taken.amount_satang = given.amount_satang
                AND taken.fund_code <> given.fund_code
            JOIN funds AS giver ON giver.code = given.fund_code AND giver.restriction = 'unrestricted'
            JOIN funds AS taker ON taker.code = taken.fund_code AND taker.restriction <> 'zakat'
            JOIN transfer_rules AS giving ON giving.fund_code = giver.code AND giving.gives
            JOIN transfer_rules AS taking ON taking.fund_code = taker.code AND taking.takes
            WHERE given.entry_id = NEW.id AND given.debit_account_code = '3120'
                AND given.credit_account_code < '2'
        )
    THEN
        RAISE EXCEPTION 'ledger: a transfer between funds is made by two people, by their rules'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER journal_entries_between_funds AFTER INSERT ON journal_entries
FOR EACH ROW WHEN (new.kind = 'transfer'::text) EXECUTE FUNCTION keep_between_funds();

CREATE OR REPLACE FUNCTION keep_transfer_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM funds WHERE code = NEW.fund_code AND (
            (NEW.gives AND restriction <> 'unrestricted') OR (NEW.takes AND restriction = 'zakat')
        )
    ) THEN
        RAISE EXCEPTION 'only an unrestricted fund gives, and a fund of zakat takes nothing'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER transfer_rules_kept BEFORE INSERT OR UPDATE ON transfer_rules
FOR EACH ROW EXECUTE FUNCTION keep_transfer_rules();

CREATE TRIGGER fund_transfers_no_update BEFORE UPDATE ON fund_transfers
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER fund_transfers_no_delete BEFORE DELETE ON fund_transfers
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER fund_transfers_no_truncate BEFORE TRUNCATE ON fund_transfers
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
