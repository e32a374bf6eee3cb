-- A vendor is as two people agreed; what was written of it stays. A request that pays a vendor names
-- it as it is now, and of its district: when it is sent in, approved and paid.
--
-- Encrypted columns are left free: they are encrypted again when keys rotate. A payment to a vendor
-- that was changed or closed since the approval goes on as `payouts_not_stopped` says.

CREATE OR REPLACE FUNCTION keep_vendor_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (
        NEW.id, NEW.public_id, NEW.vendor_ref, NEW.kind, NEW.districts, NEW.ended, NEW.tax_lookup,
        NEW.account_lookup, NEW.written_by_id, NEW.written_at
    ) IS DISTINCT FROM (
        OLD.id, OLD.public_id, OLD.vendor_ref, OLD.kind, OLD.districts, OLD.ended, OLD.tax_lookup,
        OLD.account_lookup, OLD.written_by_id, OLD.written_at
    ) THEN
        RAISE EXCEPTION 'what was written of a vendor stays' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION keep_vendors() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a vendor stays in the register' USING ERRCODE = 'check_violation';
    ELSIF TG_OP = 'UPDATE' AND (
        (NEW.id, NEW.public_id, NEW.tax_lookup)
            IS DISTINCT FROM (OLD.id, OLD.public_id, OLD.tax_lookup)
        OR NEW.proposal_id = OLD.proposal_id
    ) OR NOT EXISTS (
        SELECT 1 FROM proposals AS p JOIN vendor_versions AS v ON v.id = NEW.version_id
        WHERE p.id = NEW.proposal_id AND p.status = 'confirmed' AND p.kind = 'vendor'
            AND p.subject = NEW.public_id
            AND p.after_json = '{"version": "' || v.public_id || '"}'
    ) THEN
        RAISE EXCEPTION 'a vendor is as two people agreed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION keep_request_vendors() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND (
        NEW.request_id <> OLD.request_id OR EXISTS (
            SELECT 1 FROM disbursement_requests WHERE id = OLD.request_id AND status <> 'returned'
        )
    ) THEN
        RAISE EXCEPTION 'the facts of the request are frozen' USING ERRCODE = 'check_violation';
    ELSIF NOT EXISTS (
        SELECT 1 FROM disbursement_requests AS d
        JOIN vendors AS n ON n.version_id = NEW.version_id
        JOIN vendor_versions AS v ON v.id = n.version_id
        WHERE d.id = NEW.request_id AND v.ended IS NULL
            AND (v.districts = '' OR v.districts LIKE '% ' || d.district_code || ' %')
    ) THEN
        RAISE EXCEPTION 'the vendor is closed, was changed, or is of other districts'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION require_vendor_as_now() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'approved' AND OLD.status <> 'approved' AND NEW.payee_kind = 'vendor'
        AND NOT EXISTS (
            SELECT 1 FROM request_vendors AS r
            JOIN vendors AS n ON n.version_id = r.version_id
            JOIN vendor_versions AS v ON v.id = n.version_id
            WHERE r.request_id = NEW.id AND v.ended IS NULL
                AND (v.districts = '' OR v.districts LIKE '% ' || NEW.district_code || ' %')
        )
    THEN
        RAISE EXCEPTION 'the vendor is closed, was changed, or is of other districts'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER vendor_versions_stay BEFORE DELETE OR UPDATE ON vendor_versions
FOR EACH ROW EXECUTE FUNCTION keep_vendor_versions();

CREATE TRIGGER vendor_versions_no_truncate BEFORE TRUNCATE ON vendor_versions
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER vendors_agreed BEFORE INSERT OR DELETE OR UPDATE ON vendors
FOR EACH ROW EXECUTE FUNCTION keep_vendors();

CREATE TRIGGER vendors_no_truncate BEFORE TRUNCATE ON vendors
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER request_vendors_as_now BEFORE INSERT OR DELETE OR UPDATE ON request_vendors
FOR EACH ROW EXECUTE FUNCTION keep_request_vendors();

CREATE TRIGGER request_vendors_no_truncate BEFORE TRUNCATE ON request_vendors
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER disbursement_requests_of_vendors BEFORE UPDATE ON disbursement_requests
FOR EACH ROW EXECUTE FUNCTION require_vendor_as_now();
