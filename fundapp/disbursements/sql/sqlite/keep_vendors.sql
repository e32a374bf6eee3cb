-- A vendor is as two people agreed; what was written of it stays. A request that pays a vendor names
-- it as it is now, and of its district: when it is sent in, approved and paid.
--
-- Encrypted columns are left free: they are encrypted again when keys rotate. A payment to a vendor
-- that was changed or closed since the approval goes on as `payouts_not_stopped` says.

CREATE TRIGGER vendor_versions_no_update BEFORE UPDATE ON vendor_versions
WHEN (
    NEW.id, NEW.public_id, NEW.vendor_ref, NEW.kind, NEW.districts, NEW.ended, NEW.tax_lookup,
    NEW.account_lookup, NEW.written_by_id, NEW.written_at
) IS NOT (
    OLD.id, OLD.public_id, OLD.vendor_ref, OLD.kind, OLD.districts, OLD.ended, OLD.tax_lookup,
    OLD.account_lookup, OLD.written_by_id, OLD.written_at
)
BEGIN SELECT RAISE(ABORT, 'what was written of a vendor stays'); END;

CREATE TRIGGER vendor_versions_no_delete BEFORE DELETE ON vendor_versions
BEGIN SELECT RAISE(ABORT, 'what was written of a vendor stays'); END;

-- INSERT OR REPLACE removes no row: fundapp/ledger/sql/sqlite/refuse_replacing.sql.
CREATE TRIGGER vendor_versions_no_replace BEFORE INSERT ON vendor_versions
WHEN EXISTS (SELECT 1 FROM vendor_versions WHERE id = NEW.id OR public_id = NEW.public_id)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: vendor_versions.id (no row is replaced)'); END;

CREATE TRIGGER vendors_agreed BEFORE INSERT ON vendors
WHEN NOT EXISTS (
    SELECT 1 FROM proposals AS p JOIN vendor_versions AS v ON v.id = NEW.version_id
    WHERE p.id = NEW.proposal_id AND p.status = 'confirmed' AND p.kind = 'vendor'
        AND p.subject = NEW.public_id
        AND p.after_json = '{"version": "' || v.public_id || '"}'
)
BEGIN SELECT RAISE(ABORT, 'a vendor is as two people agreed'); END;

CREATE TRIGGER vendors_kept_update BEFORE UPDATE ON vendors
WHEN (NEW.id, NEW.public_id, NEW.tax_lookup) IS NOT (OLD.id, OLD.public_id, OLD.tax_lookup)
    OR NEW.proposal_id = OLD.proposal_id OR NOT EXISTS (
        SELECT 1 FROM proposals AS p JOIN vendor_versions AS v ON v.id = NEW.version_id
        WHERE p.id = NEW.proposal_id AND p.status = 'confirmed' AND p.kind = 'vendor'
            AND p.subject = NEW.public_id
            AND p.after_json = '{"version": "' || v.public_id || '"}'
    )
BEGIN SELECT RAISE(ABORT, 'a vendor is as two people agreed'); END;

CREATE TRIGGER vendors_kept_delete BEFORE DELETE ON vendors
BEGIN SELECT RAISE(ABORT, 'a vendor stays in the register'); END;

CREATE TRIGGER vendors_no_replace BEFORE INSERT ON vendors
WHEN EXISTS (
    SELECT 1 FROM vendors
    WHERE id = NEW.id OR public_id = NEW.public_id OR tax_lookup = NEW.tax_lookup
        OR version_id = NEW.version_id OR proposal_id = NEW.proposal_id
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: vendors.id (no row is replaced)'); END;

CREATE TRIGGER request_vendors_as_now BEFORE INSERT ON request_vendors
WHEN NOT EXISTS (
    SELECT 1 FROM disbursement_requests AS d
    JOIN vendors AS n ON n.version_id = NEW.version_id
    JOIN vendor_versions AS v ON v.id = n.version_id
    WHERE d.id = NEW.request_id AND v.ended IS NULL
        AND (v.districts = '' OR v.districts LIKE '% ' || d.district_code || ' %')
)
BEGIN SELECT RAISE(ABORT, 'the vendor is closed, was changed, or is of other districts'); END;

CREATE TRIGGER request_vendors_frozen BEFORE UPDATE ON request_vendors
WHEN NEW.request_id IS NOT OLD.request_id OR (
    SELECT status FROM disbursement_requests WHERE id = OLD.request_id
) <> 'returned'
BEGIN SELECT RAISE(ABORT, 'the facts of the request are frozen'); END;

CREATE TRIGGER request_vendors_changed_as_now BEFORE UPDATE ON request_vendors
WHEN NOT EXISTS (
    SELECT 1 FROM disbursement_requests AS d
    JOIN vendors AS n ON n.version_id = NEW.version_id
    JOIN vendor_versions AS v ON v.id = n.version_id
    WHERE d.id = NEW.request_id AND v.ended IS NULL
        AND (v.districts = '' OR v.districts LIKE '% ' || d.district_code || ' %')
)
BEGIN SELECT RAISE(ABORT, 'the vendor is closed, was changed, or is of other districts'); END;

CREATE TRIGGER request_vendors_no_delete BEFORE DELETE ON request_vendors
BEGIN SELECT RAISE(ABORT, 'the facts of the request are frozen'); END;

CREATE TRIGGER request_vendors_no_replace BEFORE INSERT ON request_vendors
WHEN EXISTS (SELECT 1 FROM request_vendors WHERE request_id = NEW.request_id)
BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: request_vendors.request_id (no row is replaced)');
END;

CREATE TRIGGER disbursement_requests_of_vendors BEFORE UPDATE ON disbursement_requests
WHEN NEW.status = 'approved' AND OLD.status <> 'approved' AND NEW.payee_kind = 'vendor'
    AND NOT EXISTS (
        SELECT 1 FROM request_vendors AS r
        JOIN vendors AS n ON n.version_id = r.version_id
        JOIN vendor_versions AS v ON v.id = n.version_id
        WHERE r.request_id = NEW.id AND v.ended IS NULL
            AND (v.districts = '' OR v.districts LIKE '% ' || NEW.district_code || ' %')
    )
BEGIN SELECT RAISE(ABORT, 'the vendor is closed, was changed, or is of other districts'); END;
