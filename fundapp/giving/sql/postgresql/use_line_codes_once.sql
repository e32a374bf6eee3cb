-- A code that links an account at LINE is used once, and what LINE told is done once.

CREATE OR REPLACE FUNCTION use_line_codes_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.donor_id, NEW.code_lookup, NEW.made_at, NEW.expires_at)
        IS DISTINCT FROM (OLD.id, OLD.donor_id, OLD.code_lookup, OLD.made_at, OLD.expires_at)
    OR OLD.used_at IS NOT NULL THEN
        RAISE EXCEPTION 'a code for LINE is used once' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER line_codes_used_once BEFORE UPDATE ON line_codes
FOR EACH ROW EXECUTE FUNCTION use_line_codes_once();

CREATE OR REPLACE FUNCTION do_line_events_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.event_id, NEW.kind, NEW.code_lookup, NEW.happened_at, NEW.stored_at)
        IS DISTINCT FROM
        (OLD.id, OLD.event_id, OLD.kind, OLD.code_lookup, OLD.happened_at, OLD.stored_at)
    OR OLD.handled_at IS NOT NULL AND NEW.handled_at IS DISTINCT FROM OLD.handled_at THEN
        RAISE EXCEPTION 'what LINE told is done once' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER line_events_done_once BEFORE UPDATE ON line_events
FOR EACH ROW EXECUTE FUNCTION do_line_events_once();
