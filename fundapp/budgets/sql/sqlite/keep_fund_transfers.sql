-- Money moves between funds by two people, only from a fund that may give to one that may take.
-- SQLite.
--
-- A transfer between funds is an entry of kind transfer with two postings over account 3120: the
-- giving fund's money leaves the account where it lies, the taking fund's arrives in the same. Money
-- of a restricted fund or of zakat is never given, and a fund of zakat takes nothing.

CREATE TRIGGER journal_entries_between_funds AFTER INSERT ON journal_entries
WHEN NEW.kind = 'transfer' AND EXISTS (
    SELECT 1 FROM postings
    WHERE entry_id = NEW.id AND '3120' IN (debit_account_code, credit_account_code)
)
BEGIN
    SELECT RAISE(ABORT, 'ledger: a transfer between funds is made by two people, by their rules')
    WHERE NEW.source_type <> 'fund_transfer' OR NEW.checker = '' OR NEW.checker = NEW.maker
        OR NEW.posting_count <> 2 OR NOT EXISTS (
            SELECT 1 FROM postings AS given
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
        );
END;

CREATE TRIGGER transfer_rules_insert BEFORE INSERT ON transfer_rules BEGIN
    SELECT RAISE(ABORT, 'only an unrestricted fund gives, and a fund of zakat takes nothing')
    FROM funds WHERE code = NEW.fund_code AND (
        (NEW.gives AND restriction <> 'unrestricted') OR (NEW.takes AND restriction = 'zakat')
    );
END;

CREATE TRIGGER transfer_rules_update BEFORE UPDATE ON transfer_rules BEGIN
    SELECT RAISE(ABORT, 'only an unrestricted fund gives, and a fund of zakat takes nothing')
    FROM funds WHERE code = NEW.fund_code AND (
        (NEW.gives AND restriction <> 'unrestricted') OR (NEW.takes AND restriction = 'zakat')
    );
END;

CREATE TRIGGER fund_transfers_no_update BEFORE UPDATE ON fund_transfers
BEGIN SELECT RAISE(ABORT, 'fund_transfers is append-only'); END;

CREATE TRIGGER fund_transfers_no_delete BEFORE DELETE ON fund_transfers
BEGIN SELECT RAISE(ABORT, 'fund_transfers is append-only'); END;
