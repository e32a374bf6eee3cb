-- Rules of help begin with a confirmed proposal, not in the past, and stay. A request is approved by
-- as many people as the band of its amount asks, and within the caps of its children and households.
--
-- What adds up: what is asked for, approved and paid, of the calendar month for the bands (child,
-- household, payee) and of the fiscal year for the caps, by the day on which a request was sent in.
-- A share that came back counts in no cap; in its month it still counts for the bands.
-- The same in Python: fundapp/disbursements/queries/help_rules.py.

CREATE OR REPLACE FUNCTION require_confirmed_help_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.starts_on < (NEW.recorded_at AT TIME ZONE 'Asia/Bangkok')::date OR NOT EXISTS (
        SELECT 1 FROM proposals WHERE id = NEW.proposal_id AND kind = 'help-rules'
            AND status = 'confirmed' AND decided_by_id = NEW.confirmed_by_id
    ) THEN
        RAISE EXCEPTION 'two people confirm rules of help, which begin today or later'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION require_fitting_band() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number > (SELECT band_count FROM help_rules WHERE id = NEW.rules_id) THEN
        RAISE EXCEPTION 'the rules have so many bands' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION require_help_rules() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    rules help_rules%ROWTYPE;
    counted CONSTANT text[] := ARRAY['submitted', 'approved', 'paid', 'confirmed', 'problem'];
    month_start timestamptz;
    month_end timestamptz;
    year_start timestamptz;
    year_end timestamptz;
    amount bigint;
    given bigint;
BEGIN
    IF NEW.status NOT IN ('approved', 'paid', 'confirmed', 'problem')
        OR OLD.status IN ('approved', 'paid', 'confirmed', 'problem') THEN
        RETURN NEW;
    END IF;
    SELECT h.* INTO rules FROM help_rules AS h WHERE h.starts_on <= (
        SELECT (max(decided_at) AT TIME ZONE 'Asia/Bangkok')::date
        FROM approvals WHERE request_id = NEW.id
    ) ORDER BY h.starts_on DESC LIMIT 1;
    IF NOT FOUND THEN
        RETURN NEW;
    END IF;
    month_start := date_trunc('month', NEW.requested_at AT TIME ZONE 'Asia/Bangkok')
        AT TIME ZONE 'Asia/Bangkok';
    month_end := (date_trunc('month', NEW.requested_at AT TIME ZONE 'Asia/Bangkok')
        + interval '1 month') AT TIME ZONE 'Asia/Bangkok';
    year_start := (date_trunc('year', (NEW.requested_at AT TIME ZONE 'Asia/Bangkok')
        + interval '3 months') - interval '3 months') AT TIME ZONE 'Asia/Bangkok';
    year_end := (date_trunc('year', (NEW.requested_at AT TIME ZONE 'Asia/Bangkok')
        + interval '3 months') + interval '9 months') AT TIME ZONE 'Asia/Bangkok';
    IF rules.band_count > 0 THEN
        amount := greatest(
            NEW.total_satang,
            (
                SELECT sum(d.total_satang)
                FROM request_payees AS mine
                JOIN request_payees AS p ON p.name_lookup = mine.name_lookup
                JOIN disbursement_requests AS d ON d.id = p.id
                WHERE mine.id = NEW.id AND d.status = ANY (counted)
                    AND d.requested_at >= month_start AND d.requested_at < month_end
            ),
            (
                SELECT max(household) FROM (
                    SELECT sum(l.amount_satang) AS household
                    FROM children AS c
                    JOIN request_lines AS l ON l.child_id = c.id
                    JOIN disbursement_requests AS d ON d.id = l.request_id
                    WHERE c.guardian_id IN (
                        SELECT mine.guardian_id FROM request_lines AS m
                        JOIN children AS mine ON mine.id = m.child_id WHERE m.request_id = NEW.id
                    )
                        AND d.status = ANY (counted)
                        AND d.requested_at >= month_start AND d.requested_at < month_end
                    GROUP BY c.guardian_id
                ) AS sums
            )
        );
        IF (
            SELECT count(DISTINCT a.approver_id) FROM approvals AS a
            WHERE a.request_id = NEW.id AND a.decision = 'approve'
                AND a.facts_sha256 = NEW.facts_sha256 AND a.version > (
                    SELECT coalesce(max(r.version), 0) FROM approvals AS r
                    WHERE r.request_id = NEW.id AND r.decision <> 'approve'
                )
        ) < (
            SELECT coalesce(max(b.approvers), 1) FROM approval_bands AS b
            WHERE b.rules_id = rules.id AND b.from_satang <= amount
        ) THEN
            RAISE EXCEPTION 'more people approve this amount' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF rules.child_cap_satang IS NOT NULL THEN
        SELECT max(sums.of_child) INTO given FROM (
            SELECT sum(l.amount_satang) AS of_child
            FROM request_lines AS l JOIN disbursement_requests AS d ON d.id = l.request_id
            WHERE l.child_id IN (SELECT child_id FROM request_lines WHERE request_id = NEW.id)
                AND d.status = ANY (counted)
                AND d.requested_at >= year_start AND d.requested_at < year_end
                AND NOT EXISTS (SELECT 1 FROM share_return_lines WHERE line_id = l.id)
            GROUP BY l.child_id
        ) AS sums;
        IF given > rules.child_cap_satang THEN
            RAISE EXCEPTION 'the cap of a child is passed' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF rules.household_cap_satang IS NOT NULL THEN
        SELECT max(sums.of_household) INTO given FROM (
            SELECT sum(l.amount_satang) AS of_household
            FROM children AS c
            JOIN request_lines AS l ON l.child_id = c.id
            JOIN disbursement_requests AS d ON d.id = l.request_id
            WHERE c.guardian_id IN (
                SELECT mine.guardian_id FROM request_lines AS m
                JOIN children AS mine ON mine.id = m.child_id WHERE m.request_id = NEW.id
            )
                AND d.status = ANY (counted)
                AND d.requested_at >= year_start AND d.requested_at < year_end
                AND NOT EXISTS (SELECT 1 FROM share_return_lines WHERE line_id = l.id)
            GROUP BY c.guardian_id
        ) AS sums;
        IF given > rules.household_cap_satang THEN
            RAISE EXCEPTION 'the cap of a household is passed' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER help_rules_confirmed BEFORE INSERT ON help_rules
FOR EACH ROW EXECUTE FUNCTION require_confirmed_help_rules();

CREATE TRIGGER approval_bands_fit BEFORE INSERT ON approval_bands
FOR EACH ROW EXECUTE FUNCTION require_fitting_band();

CREATE TRIGGER disbursement_requests_within_rules BEFORE UPDATE ON disbursement_requests
FOR EACH ROW EXECUTE FUNCTION require_help_rules();

CREATE TRIGGER help_rules_append_only BEFORE DELETE OR UPDATE ON help_rules
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER help_rules_no_truncate BEFORE TRUNCATE ON help_rules
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER approval_bands_append_only BEFORE DELETE OR UPDATE ON approval_bands
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER approval_bands_no_truncate BEFORE TRUNCATE ON approval_bands
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
