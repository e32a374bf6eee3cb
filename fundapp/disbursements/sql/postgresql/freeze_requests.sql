-- What is decided on in a request for help changes only while the request is returned to its asker.
--
-- Its lines, one for each child, follow the same rule.

CREATE OR REPLACE FUNCTION refuse_fact_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'returned' AND (
        NEW.number, NEW.fund_code, NEW.district_code, NEW.need, NEW.payee_kind,
        NEW.payout_method, NEW.total_satang, NEW.facts_sha256, NEW.requested_by_id
    ) IS DISTINCT FROM (
        OLD.number, OLD.fund_code, OLD.district_code, OLD.need, OLD.payee_kind,
        OLD.payout_method, OLD.total_satang, OLD.facts_sha256, OLD.requested_by_id
    ) THEN
        RAISE EXCEPTION 'the facts of the request are frozen' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION refuse_line_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM disbursement_requests WHERE id = OLD.request_id AND status <> 'returned';
    IF FOUND THEN
        RAISE EXCEPTION 'the facts of the request are frozen' USING ERRCODE = 'check_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

CREATE TRIGGER disbursement_requests_frozen BEFORE UPDATE ON disbursement_requests
FOR EACH ROW EXECUTE FUNCTION refuse_fact_change();

CREATE TRIGGER request_lines_frozen BEFORE DELETE OR UPDATE ON request_lines
FOR EACH ROW EXECUTE FUNCTION refuse_line_change();

CREATE TRIGGER request_lines_no_truncate BEFORE TRUNCATE ON request_lines
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
