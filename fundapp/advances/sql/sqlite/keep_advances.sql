-- Cash that people hold: given and cleared by two people, of an unrestricted fund, once. SQLite.
--
-- An advance is an entry of kind advance that takes its amount from its fund and its cash box to
-- account 5240; its clearing takes exactly as much from there, to what it was spent on and back
-- into the box. That each has two people: the CHECK two_people of journal_entries.

CREATE TRIGGER advances_booked BEFORE INSERT ON advances BEGIN
    SELECT RAISE(ABORT, 'an advance is given of an open unrestricted fund, as its entry says')
    WHERE NOT EXISTS (
        SELECT 1 FROM journal_entries e
        JOIN postings p ON p.entry_id = e.id
        JOIN funds f ON f.code = p.fund_code
        WHERE e.id = NEW.journal_entry_id AND e.kind = 'advance' AND e.posting_count = 1
            AND e.source_ref = NEW.public_id AND p.fund_code = NEW.fund_code
            AND p.debit_account_code = '5240' AND p.credit_account_code = NEW.account_code
            AND NEW.account_code LIKE '111%' AND p.amount_satang = NEW.amount_satang
            AND f.restriction = 'unrestricted' AND f.status = 'open'
    );
END;

CREATE TRIGGER advance_clearings_booked BEFORE INSERT ON advance_clearings BEGIN
    SELECT RAISE(ABORT, 'an advance is cleared by another person, whole, as its entry says')
    WHERE NOT EXISTS (
        SELECT 1 FROM advances a
        JOIN journal_entries e ON e.id = NEW.journal_entry_id AND e.source_ref = a.public_id
        WHERE a.id = NEW.advance_id AND a.holder_id <> NEW.confirmed_by_id
            AND a.amount_satang = NEW.spent_satang + NEW.returned_satang
            AND e.kind = 'advance' AND e.total_satang = a.amount_satang
            AND NEW.spent_satang = (
                SELECT coalesce(sum(amount_satang), 0) FROM postings
                WHERE entry_id = e.id AND fund_code = a.fund_code
                    AND credit_account_code = '5240' AND debit_account_code >= '5'
            )
            AND NEW.returned_satang = (
                SELECT coalesce(sum(amount_satang), 0) FROM postings
                WHERE entry_id = e.id AND fund_code = a.fund_code
                    AND credit_account_code = '5240' AND debit_account_code = a.account_code
            )
    );
END;

CREATE TRIGGER advances_no_update BEFORE UPDATE ON advances
BEGIN SELECT RAISE(ABORT, 'advances is append-only'); END;

CREATE TRIGGER advances_no_delete BEFORE DELETE ON advances
BEGIN SELECT RAISE(ABORT, 'advances is append-only'); END;

CREATE TRIGGER advance_clearings_no_update BEFORE UPDATE ON advance_clearings
BEGIN SELECT RAISE(ABORT, 'advance_clearings is append-only'); END;

CREATE TRIGGER advance_clearings_no_delete BEFORE DELETE ON advance_clearings
BEGIN SELECT RAISE(ABORT, 'advance_clearings is append-only'); END;
