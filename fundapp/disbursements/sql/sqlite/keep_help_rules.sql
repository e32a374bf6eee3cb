-- Rules of help begin with a confirmed proposal, not in the past, and stay. A request is approved by
-- as many people as the band of its amount asks, and within the caps of its children and households.
--
-- What adds up: what is asked for, approved and paid, of the calendar month for the bands (child,
-- household, payee) and of the fiscal year for the caps, by the day on which a request was sent in.
-- A share that came back counts in no cap; in its month it still counts for the bands.
-- The same in Python: fundapp/disbursements/queries/help_rules.py.

CREATE TRIGGER help_rules_confirmed BEFORE INSERT ON help_rules
WHEN NOT EXISTS (
    SELECT 1 FROM help_rules WHERE id = NEW.id OR starts_on = NEW.starts_on OR proposal_id = NEW.proposal_id
) BEGIN
    SELECT RAISE(ABORT, 'two people confirm rules of help, which begin today or later')
    WHERE NEW.starts_on < date(NEW.recorded_at, '+7 hours') OR NOT EXISTS (
        SELECT 1 FROM proposals WHERE id = NEW.proposal_id AND kind = 'help-rules'
            AND status = 'confirmed' AND decided_by_id = NEW.confirmed_by_id
    );
END;

CREATE TRIGGER help_rules_no_update BEFORE UPDATE ON help_rules
BEGIN SELECT RAISE(ABORT, 'help_rules is append-only'); END;

CREATE TRIGGER help_rules_no_delete BEFORE DELETE ON help_rules
BEGIN SELECT RAISE(ABORT, 'help_rules is append-only'); END;

CREATE TRIGGER approval_bands_fit BEFORE INSERT ON approval_bands
WHEN NEW.number > (SELECT band_count FROM help_rules WHERE id = NEW.rules_id)
BEGIN SELECT RAISE(ABORT, 'the rules have so many bands'); END;

CREATE TRIGGER approval_bands_no_update BEFORE UPDATE ON approval_bands
BEGIN SELECT RAISE(ABORT, 'approval_bands is append-only'); END;

CREATE TRIGGER approval_bands_no_delete BEFORE DELETE ON approval_bands
BEGIN SELECT RAISE(ABORT, 'approval_bands is append-only'); END;

CREATE TRIGGER disbursement_requests_in_band BEFORE UPDATE ON disbursement_requests
WHEN NEW.status IN ('approved', 'paid', 'confirmed', 'problem')
    AND OLD.status NOT IN ('approved', 'paid', 'confirmed', 'problem')
    AND EXISTS (SELECT 1 FROM approval_bands)
BEGIN
    SELECT RAISE(ABORT, 'more people approve this amount')
    WHERE (
        SELECT count(DISTINCT a.approver_id) FROM approvals AS a
        WHERE a.request_id = NEW.id AND a.decision = 'approve'
            AND a.facts_sha256 = NEW.facts_sha256 AND a.version > (
                SELECT coalesce(max(r.version), 0) FROM approvals AS r
                WHERE r.request_id = NEW.id AND r.decision <> 'approve'
            )
    ) < (
        SELECT coalesce(max(b.approvers), 1) FROM approval_bands AS b
        WHERE b.rules_id = (
            SELECT id FROM help_rules WHERE starts_on <= (
                SELECT date(max(decided_at), '+7 hours') FROM approvals WHERE request_id = NEW.id
            ) ORDER BY starts_on DESC LIMIT 1
        ) AND b.from_satang <= max(
            NEW.total_satang,
            coalesce((
                SELECT sum(d.total_satang)
                FROM request_payees AS mine
                JOIN request_payees AS p ON p.name_lookup = mine.name_lookup
                JOIN disbursement_requests AS d ON d.id = p.id
                WHERE mine.id = NEW.id
                    AND d.status IN ('submitted', 'approved', 'paid', 'confirmed', 'problem')
                    AND strftime('%Y-%m', d.requested_at, '+7 hours')
                        = strftime('%Y-%m', NEW.requested_at, '+7 hours')
            ), 0),
            coalesce((
                SELECT max(household) FROM (
                    SELECT sum(l.amount_satang) AS household
                    FROM children AS c
                    JOIN request_lines AS l ON l.child_id = c.id
                    JOIN disbursement_requests AS d ON d.id = l.request_id
                    WHERE c.guardian_id IN (
                        SELECT mine.guardian_id FROM request_lines AS m
                        JOIN children AS mine ON mine.id = m.child_id WHERE m.request_id = NEW.id
                    )
                        AND d.status IN ('submitted', 'approved', 'paid', 'confirmed', 'problem')
                        AND strftime('%Y-%m', d.requested_at, '+7 hours')
                            = strftime('%Y-%m', NEW.requested_at, '+7 hours')
                    GROUP BY c.guardian_id
                )
            ), 0)
        )
    );
END;

CREATE TRIGGER disbursement_requests_within_caps BEFORE UPDATE ON disbursement_requests
WHEN NEW.status IN ('approved', 'paid', 'confirmed', 'problem')
    AND OLD.status NOT IN ('approved', 'paid', 'confirmed', 'problem')
    AND EXISTS (
        SELECT 1 FROM help_rules
        WHERE child_cap_satang IS NOT NULL OR household_cap_satang IS NOT NULL
    )
BEGIN
    SELECT RAISE(ABORT, 'the cap of a child is passed')
    WHERE (
        SELECT max(given) FROM (
            SELECT sum(l.amount_satang) AS given
            FROM request_lines AS l JOIN disbursement_requests AS d ON d.id = l.request_id
            WHERE l.child_id IN (SELECT child_id FROM request_lines WHERE request_id = NEW.id)
                AND d.status IN ('submitted', 'approved', 'paid', 'confirmed', 'problem')
                AND strftime('%Y', d.requested_at, '+7 hours', '+3 months')
                    = strftime('%Y', NEW.requested_at, '+7 hours', '+3 months')
                AND NOT EXISTS (SELECT 1 FROM share_return_lines WHERE line_id = l.id)
            GROUP BY l.child_id
        )
    ) > (
        SELECT child_cap_satang FROM help_rules WHERE starts_on <= (
            SELECT date(max(decided_at), '+7 hours') FROM approvals WHERE request_id = NEW.id
        ) ORDER BY starts_on DESC LIMIT 1
    );
    SELECT RAISE(ABORT, 'the cap of a household is passed')
    WHERE (
        SELECT max(given) FROM (
            SELECT sum(l.amount_satang) AS given
            FROM children AS c
            JOIN request_lines AS l ON l.child_id = c.id
            JOIN disbursement_requests AS d ON d.id = l.request_id
            WHERE c.guardian_id IN (
                SELECT mine.guardian_id FROM request_lines AS m
                JOIN children AS mine ON mine.id = m.child_id WHERE m.request_id = NEW.id
            )
                AND d.status IN ('submitted', 'approved', 'paid', 'confirmed', 'problem')
                AND strftime('%Y', d.requested_at, '+7 hours', '+3 months')
                    = strftime('%Y', NEW.requested_at, '+7 hours', '+3 months')
                AND NOT EXISTS (SELECT 1 FROM share_return_lines WHERE line_id = l.id)
            GROUP BY c.guardian_id
        )
    ) > (
        SELECT household_cap_satang FROM help_rules WHERE starts_on <= (
            SELECT date(max(decided_at), '+7 hours') FROM approvals WHERE request_id = NEW.id
        ) ORDER BY starts_on DESC LIMIT 1
    );
END;
