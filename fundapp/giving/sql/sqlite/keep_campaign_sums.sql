-- The campaign of a gift is known when it is booked, so that its sums can be kept: a pledge is made on
-- the page of a campaign before anything is paid on it, and a count is confirmed with a payment that
-- it books. A posting that is listed stays as it is, and so does the row that says how far they are.

CREATE TRIGGER campaign_pledges_come_first BEFORE INSERT ON campaign_pledges
WHEN EXISTS (SELECT 1 FROM payments WHERE pledge_id = NEW.pledge_id)
BEGIN SELECT RAISE(ABORT, 'nothing was paid on a pledge when a campaign takes it'); END;

CREATE TRIGGER cash_counts_book_at_once BEFORE UPDATE ON cash_counts
WHEN NEW.status = 'confirmed' AND EXISTS (
    SELECT 1 FROM payments JOIN log_leaves ON log_leaves.entry_id = payments.journal_entry_id
    WHERE payments.id = NEW.payment_id
)
BEGIN SELECT RAISE(ABORT, 'the payment of a count is booked with it'); END;

CREATE TRIGGER campaign_postings_no_update BEFORE UPDATE ON campaign_postings
BEGIN SELECT RAISE(ABORT, 'a listed posting of a campaign stays'); END;

CREATE TRIGGER campaign_folding_kept BEFORE DELETE ON campaign_folding
BEGIN SELECT RAISE(ABORT, 'campaign_folding has one row'); END;

CREATE TRIGGER campaign_folding_no_replace BEFORE INSERT ON campaign_folding BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: campaign_folding.number (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM campaign_folding WHERE number = NEW.number
    );
END;
