-- A campaign keeps its address and fund, and stays closed; an event, and what was pledged on a
-- campaign's page, stay. None is removed.

CREATE TRIGGER campaigns_frozen BEFORE UPDATE ON campaigns
WHEN (
    NEW.id, NEW.slug, NEW.fund_code, NEW.created_at
) IS NOT (
    OLD.id, OLD.slug, OLD.fund_code, OLD.created_at
)
OR (OLD.status = 'closed' AND NEW.status <> 'closed')
BEGIN SELECT RAISE(ABORT, 'the address and fund of a campaign stay'); END;

CREATE TRIGGER campaigns_kept BEFORE DELETE ON campaigns
BEGIN SELECT RAISE(ABORT, 'campaigns are kept for ever'); END;

CREATE TRIGGER campaign_events_no_update BEFORE UPDATE ON campaign_events
BEGIN SELECT RAISE(ABORT, 'campaign_events is append-only'); END;

CREATE TRIGGER campaign_events_no_delete BEFORE DELETE ON campaign_events
BEGIN SELECT RAISE(ABORT, 'campaign_events is append-only'); END;

CREATE TRIGGER campaign_pledges_no_update BEFORE UPDATE ON campaign_pledges
BEGIN SELECT RAISE(ABORT, 'campaign_pledges is append-only'); END;

CREATE TRIGGER campaign_pledges_no_delete BEFORE DELETE ON campaign_pledges
BEGIN SELECT RAISE(ABORT, 'campaign_pledges is append-only'); END;

CREATE TRIGGER campaigns_no_replace BEFORE INSERT ON campaigns BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: campaigns.id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM campaigns WHERE id = NEW.id
    );
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: campaigns.slug (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM campaigns WHERE slug = NEW.slug
    );
END;

CREATE TRIGGER campaign_events_no_replace BEFORE INSERT ON campaign_events BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: campaign_events.id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM campaign_events WHERE id = NEW.id
    );
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: campaign_events.public_id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM campaign_events WHERE public_id = NEW.public_id
    );
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: campaign_events.idempotency_key (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM campaign_events WHERE idempotency_key = NEW.idempotency_key
    );
END;

CREATE TRIGGER campaign_pledges_no_replace BEFORE INSERT ON campaign_pledges BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: campaign_pledges.pledge_id (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM campaign_pledges WHERE pledge_id = NEW.pledge_id
    );
END;
