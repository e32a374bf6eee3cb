-- A campaign keeps its address and fund, and stays closed; an event, and what was pledged on a
-- campaign's page, stay. None is removed.

CREATE OR REPLACE FUNCTION refuse_campaigns_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (
        NEW.id, NEW.slug, NEW.fund_code, NEW.created_at
    ) IS DISTINCT FROM (
        OLD.id, OLD.slug, OLD.fund_code, OLD.created_at
    )
    OR (OLD.status = 'closed' AND NEW.status <> 'closed')
    THEN
        RAISE EXCEPTION 'the address and fund of a campaign stay' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER campaigns_frozen BEFORE UPDATE ON campaigns
FOR EACH ROW EXECUTE FUNCTION refuse_campaigns_change();

CREATE TRIGGER campaigns_kept BEFORE DELETE ON campaigns
FOR EACH ROW EXECUTE FUNCTION refuse_removal();

CREATE TRIGGER campaigns_kept_whole BEFORE TRUNCATE ON campaigns
FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal();

CREATE TRIGGER campaign_events_no_update BEFORE UPDATE ON campaign_events
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER campaign_events_no_delete BEFORE DELETE ON campaign_events
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER campaign_events_no_truncate BEFORE TRUNCATE ON campaign_events
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER campaign_pledges_no_update BEFORE UPDATE ON campaign_pledges
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER campaign_pledges_no_delete BEFORE DELETE ON campaign_pledges
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER campaign_pledges_no_truncate BEFORE TRUNCATE ON campaign_pledges
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
