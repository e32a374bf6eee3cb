-- The campaign of a gift is known when it is booked, so that its sums can be kept: a pledge is made on
-- the page of a campaign before anything is paid on it, and a count is confirmed with a payment that
-- it books. A posting that is listed stays as it is, and so does the row that says how far they are.

CREATE OR REPLACE FUNCTION keep_campaigns_first() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM payments WHERE pledge_id = NEW.pledge_id) THEN
        RAISE EXCEPTION 'nothing was paid on a pledge when a campaign takes it'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER campaign_pledges_come_first BEFORE INSERT ON campaign_pledges
FOR EACH ROW EXECUTE FUNCTION keep_campaigns_first();

CREATE OR REPLACE FUNCTION keep_counts_booked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'confirmed' AND EXISTS (
        SELECT FROM payments JOIN log_leaves ON log_leaves.entry_id = payments.journal_entry_id
        WHERE payments.id = NEW.payment_id
    ) THEN
        RAISE EXCEPTION 'the payment of a count is booked with it'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER cash_counts_book_at_once BEFORE UPDATE ON cash_counts
FOR EACH ROW EXECUTE FUNCTION keep_counts_booked();

CREATE TRIGGER campaign_postings_no_update BEFORE UPDATE ON campaign_postings
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER campaign_folding_kept BEFORE DELETE ON campaign_folding
FOR EACH ROW EXECUTE FUNCTION refuse_removal();

CREATE TRIGGER campaign_folding_kept_whole BEFORE TRUNCATE ON campaign_folding
FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal();
