-- A code that links an account at LINE is used once, and what LINE told is done once.

CREATE TRIGGER line_codes_used_once BEFORE UPDATE ON line_codes
WHEN (NEW.id, NEW.donor_id, NEW.code_lookup, NEW.made_at, NEW.expires_at)
    IS NOT (OLD.id, OLD.donor_id, OLD.code_lookup, OLD.made_at, OLD.expires_at)
OR OLD.used_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a code for LINE is used once'); END;

CREATE TRIGGER line_events_done_once BEFORE UPDATE ON line_events
WHEN (NEW.id, NEW.event_id, NEW.kind, NEW.code_lookup, NEW.happened_at, NEW.stored_at)
    IS NOT (OLD.id, OLD.event_id, OLD.kind, OLD.code_lookup, OLD.happened_at, OLD.stored_at)
OR OLD.handled_at IS NOT NULL AND NEW.handled_at IS NOT OLD.handled_at
BEGIN SELECT RAISE(ABORT, 'what LINE told is done once'); END;
