-- The committee decides with a quorum, each member once, and never whoever declared an interest. SQLite.
--
-- Orders, seats, items, declarations, votes and resolutions stay. A meeting goes from planned to open
-- to closed, or is cancelled before it is opened. What the votes come to: fundapp/committee/tally.py.
-- Meetings and resolutions are numbered in their fiscal year (from 1 October, B.E.) without a gap;
-- the operations lock the first order before they take a number.

CREATE TRIGGER committee_seats_fit BEFORE INSERT ON committee_seats
WHEN NOT EXISTS (
    SELECT 1 FROM committee_seats WHERE (order_id = NEW.order_id AND (seat = NEW.seat OR member_id = NEW.member_id
        OR substitute_id = NEW.substitute_id))
) BEGIN
    SELECT RAISE(ABORT, 'an order has so many seats and names nobody twice, before its first meeting') WHERE
        NEW.seat > (SELECT seat_count FROM committee_orders WHERE id = NEW.order_id)
        OR EXISTS (SELECT 1 FROM committee_meetings WHERE order_id = NEW.order_id)
        OR EXISTS (
            SELECT 1 FROM committee_seats s WHERE s.order_id = NEW.order_id AND (
                s.member_id = NEW.substitute_id OR s.substitute_id = NEW.member_id
            )
        );
END;

CREATE TRIGGER committee_meetings_begin BEFORE INSERT ON committee_meetings
WHEN NOT EXISTS (
    SELECT 1 FROM committee_meetings WHERE id = NEW.id
        OR public_id = NEW.public_id
        OR (fiscal_year = NEW.fiscal_year AND number = NEW.number)
) BEGIN
    SELECT RAISE(ABORT, 'a meeting is planned under an order in force with all its seats') WHERE
        NEW.status <> 'planned' OR NOT EXISTS (
            SELECT 1 FROM committee_orders o WHERE o.id = NEW.order_id
                AND NEW.held_on BETWEEN o.starts_on AND o.ends_on
                AND o.seat_count = (SELECT count(*) FROM committee_seats WHERE order_id = o.id)
        );
    SELECT RAISE(ABORT, 'meetings are numbered one by one in their fiscal year') WHERE
        NEW.fiscal_year <> CAST(substr(NEW.held_on, 1, 4) AS INTEGER) + 543
            + (CAST(substr(NEW.held_on, 6, 2) AS INTEGER) >= 10)
        OR NEW.number <> 1 + coalesce((
            SELECT max(number) FROM committee_meetings WHERE fiscal_year = NEW.fiscal_year
        ), 0);
END;

CREATE TRIGGER committee_meetings_go_on BEFORE UPDATE ON committee_meetings BEGIN
    SELECT RAISE(ABORT, 'a meeting is opened with an agenda, then closed, and stays as planned') WHERE
        NEW.id <> OLD.id OR NEW.public_id <> OLD.public_id OR NEW.order_id <> OLD.order_id
        OR NEW.fiscal_year <> OLD.fiscal_year OR NEW.number <> OLD.number
        OR NEW.kind <> OLD.kind OR NEW.held_on <> OLD.held_on OR NEW.place <> OLD.place
        OR NEW.planned_by_id <> OLD.planned_by_id
        OR (OLD.status || '>' || NEW.status) NOT IN (
            'planned>open', 'planned>cancelled', 'open>closed'
        )
        OR (NEW.status = 'open' AND NOT EXISTS (
            SELECT 1 FROM committee_items WHERE meeting_id = NEW.id
        ));
END;

CREATE TRIGGER committee_items_wait BEFORE INSERT ON committee_items
WHEN NOT EXISTS (
    SELECT 1 FROM committee_items WHERE id = NEW.id
        OR public_id = NEW.public_id
        OR (meeting_id = NEW.meeting_id AND (position = NEW.position OR request_id = NEW.request_id))
) BEGIN
    SELECT RAISE(ABORT, 'an agenda takes requests that wait, once, before the meeting is opened') WHERE
        NOT EXISTS (
            SELECT 1 FROM committee_meetings WHERE id = NEW.meeting_id AND status = 'planned'
        )
        OR NOT EXISTS (
            SELECT 1 FROM disbursement_requests r WHERE r.id = NEW.request_id
                AND r.status = 'submitted' AND r.version = NEW.request_version
                AND r.facts_sha256 = NEW.facts_sha256
        )
        OR EXISTS (
            SELECT 1 FROM committee_items i JOIN committee_meetings m ON m.id = i.meeting_id
            LEFT JOIN committee_resolutions d ON d.item_id = i.id
            WHERE i.request_id = NEW.request_id AND d.item_id IS NULL
                AND m.status IN ('planned', 'open')
        );
END;

CREATE TRIGGER committee_attendances_of_seat BEFORE INSERT ON committee_attendances
WHEN NOT EXISTS (
    SELECT 1 FROM committee_attendances WHERE (meeting_id = NEW.meeting_id
        AND (seat = NEW.seat OR user_id = NEW.user_id))
) BEGIN
    SELECT RAISE(ABORT, 'a seat is taken in an open meeting by its member or the substitute') WHERE
        NOT EXISTS (
            SELECT 1 FROM committee_meetings m
            JOIN committee_seats s ON s.order_id = m.order_id AND s.seat = NEW.seat
            WHERE m.id = NEW.meeting_id AND m.status = 'open' AND (
                (NEW.is_substitute = 0 AND s.member_id = NEW.user_id)
                OR (NEW.is_substitute = 1 AND m.kind = 'in_room'
                    AND s.substitute_id = NEW.user_id)
            )
        );
END;

CREATE TRIGGER committee_attendances_leave BEFORE DELETE ON committee_attendances BEGIN
    SELECT RAISE(ABORT, 'who attended stays on record once a vote was cast') WHERE
        EXISTS (SELECT 1 FROM committee_votes WHERE meeting_id = OLD.meeting_id)
        OR NOT EXISTS (
            SELECT 1 FROM committee_meetings WHERE id = OLD.meeting_id AND status = 'open'
        );
END;

CREATE TRIGGER committee_recusals_before_vote BEFORE INSERT ON committee_recusals
WHEN NOT EXISTS (
    SELECT 1 FROM committee_recusals WHERE (item_id = NEW.item_id AND user_id = NEW.user_id)
) BEGIN
    SELECT RAISE(ABORT, 'an interest is declared in an open meeting, before the member votes') WHERE
        EXISTS (
            SELECT 1 FROM committee_votes WHERE item_id = NEW.item_id AND user_id = NEW.user_id
        )
        OR EXISTS (SELECT 1 FROM committee_resolutions WHERE item_id = NEW.item_id)
        OR NOT EXISTS (
            SELECT 1 FROM committee_meetings WHERE id = NEW.meeting_id AND status = 'open'
        );
END;

CREATE TRIGGER committee_votes_count BEFORE INSERT ON committee_votes
WHEN NOT EXISTS (
    SELECT 1 FROM committee_votes WHERE (item_id = NEW.item_id AND user_id = NEW.user_id)
) BEGIN
    SELECT RAISE(ABORT, 'no vote without a quorum in an open meeting') WHERE
        NOT EXISTS (
            SELECT 1 FROM committee_meetings m JOIN committee_orders o ON o.id = m.order_id
            WHERE m.id = NEW.meeting_id AND m.status = 'open' AND (m.kind = 'circular' OR (
                SELECT count(*) FROM committee_attendances WHERE meeting_id = m.id
            ) >= o.quorum)
        );
    SELECT RAISE(ABORT, 'who declared an interest or asked for it does not vote on it') WHERE
        EXISTS (
            SELECT 1 FROM committee_recusals WHERE item_id = NEW.item_id AND user_id = NEW.user_id
        )
        OR EXISTS (
            SELECT 1 FROM committee_items i JOIN disbursement_requests r ON r.id = i.request_id
            WHERE i.id = NEW.item_id AND r.requested_by_id = NEW.user_id
        )
        OR EXISTS (
            SELECT 1 FROM committee_items i JOIN request_interests n ON n.request_id = i.request_id
            WHERE i.id = NEW.item_id AND n.user_id = NEW.user_id
        );
    SELECT RAISE(ABORT, 'votes are on what is on the agenda, before they are counted') WHERE
        EXISTS (SELECT 1 FROM committee_resolutions WHERE item_id = NEW.item_id)
        OR NOT EXISTS (
            SELECT 1 FROM committee_items i JOIN disbursement_requests r ON r.id = i.request_id
            WHERE i.id = NEW.item_id AND r.status = 'submitted'
                AND r.facts_sha256 = i.facts_sha256
        );
END;

CREATE TRIGGER committee_resolutions_count BEFORE INSERT ON committee_resolutions
WHEN NOT EXISTS (
    SELECT 1 FROM committee_resolutions WHERE item_id = NEW.item_id
        OR (fiscal_year = NEW.fiscal_year AND number = NEW.number)
) BEGIN
    SELECT RAISE(ABORT, 'votes are counted in an open meeting, when every member has one or may have none') WHERE
        NOT EXISTS (
            SELECT 1 FROM committee_items i JOIN committee_meetings m ON m.id = i.meeting_id
            WHERE i.id = NEW.item_id AND m.status = 'open'
        )
        OR EXISTS (
            SELECT 1 FROM committee_items i JOIN committee_meetings m ON m.id = i.meeting_id
            JOIN disbursement_requests r ON r.id = i.request_id
            JOIN committee_seats s ON s.order_id = m.order_id
            LEFT JOIN committee_attendances a ON a.meeting_id = m.id AND a.seat = s.seat
            WHERE i.id = NEW.item_id AND (a.seat IS NOT NULL OR m.kind = 'circular')
                AND coalesce(a.user_id, s.member_id) <> r.requested_by_id
                AND NOT EXISTS (
                    SELECT 1 FROM committee_votes v WHERE v.item_id = i.id
                        AND v.user_id = coalesce(a.user_id, s.member_id)
                )
                AND NOT EXISTS (
                    SELECT 1 FROM committee_recusals d WHERE d.item_id = i.id
                        AND d.user_id = coalesce(a.user_id, s.member_id)
                )
                AND NOT EXISTS (
                    SELECT 1 FROM request_interests n WHERE n.request_id = r.id
                        AND n.user_id = coalesce(a.user_id, s.member_id)
                )
        );
    SELECT RAISE(ABORT, 'a resolution states the votes and what they come to') WHERE
        NEW.for_count <> (
            SELECT count(*) FROM committee_votes WHERE item_id = NEW.item_id AND ballot = 'for'
        )
        OR NEW.against_count <> (
            SELECT count(*) FROM committee_votes WHERE item_id = NEW.item_id AND ballot = 'against'
        )
        OR NEW.abstain_count <> (
            SELECT count(*) FROM committee_votes WHERE item_id = NEW.item_id AND ballot = 'abstain'
        )
        OR NEW.outcome <> (
            SELECT CASE
                WHEN m.kind = 'circular' THEN CASE
                    WHEN NEW.for_count >= o.quorum AND NEW.against_count + NEW.abstain_count = 0
                    THEN 'approve' ELSE 'postpone' END
                WHEN NEW.for_count + NEW.against_count < 2 THEN 'postpone'
                WHEN NEW.for_count + NEW.against_count + NEW.abstain_count < o.quorum THEN 'postpone'
                WHEN NEW.for_count > NEW.against_count THEN 'approve'
                WHEN NEW.for_count < NEW.against_count THEN 'reject'
                ELSE coalesce((
                    SELECT CASE v.ballot WHEN 'for' THEN 'approve' WHEN 'against' THEN 'reject' END
                    FROM committee_attendances a
                    JOIN committee_votes v ON v.item_id = i.id AND v.user_id = a.user_id
                    WHERE a.meeting_id = m.id AND a.seat = 1
                ), 'postpone') END
            FROM committee_items i JOIN committee_meetings m ON m.id = i.meeting_id
            JOIN committee_orders o ON o.id = m.order_id WHERE i.id = NEW.item_id
        );
    SELECT RAISE(ABORT, 'resolutions are numbered one by one in their fiscal year') WHERE
        NEW.fiscal_year <> CAST(substr(NEW.decided_on, 1, 4) AS INTEGER) + 543
            + (CAST(substr(NEW.decided_on, 6, 2) AS INTEGER) >= 10)
        OR NEW.number <> 1 + coalesce((
            SELECT max(number) FROM committee_resolutions WHERE fiscal_year = NEW.fiscal_year
        ), 0);
END;

CREATE TRIGGER committee_orders_no_update BEFORE UPDATE ON committee_orders
BEGIN SELECT RAISE(ABORT, 'committee_orders is append-only'); END;

CREATE TRIGGER committee_seats_no_update BEFORE UPDATE ON committee_seats
BEGIN SELECT RAISE(ABORT, 'committee_seats is append-only'); END;

CREATE TRIGGER committee_items_no_update BEFORE UPDATE ON committee_items
BEGIN SELECT RAISE(ABORT, 'committee_items is append-only'); END;

CREATE TRIGGER committee_recusals_no_update BEFORE UPDATE ON committee_recusals
BEGIN SELECT RAISE(ABORT, 'committee_recusals is append-only'); END;

CREATE TRIGGER committee_votes_no_update BEFORE UPDATE ON committee_votes
BEGIN SELECT RAISE(ABORT, 'committee_votes is append-only'); END;

CREATE TRIGGER committee_resolutions_no_update BEFORE UPDATE ON committee_resolutions
BEGIN SELECT RAISE(ABORT, 'committee_resolutions is append-only'); END;

CREATE TRIGGER committee_orders_no_delete BEFORE DELETE ON committee_orders
BEGIN SELECT RAISE(ABORT, 'committee_orders is append-only'); END;

CREATE TRIGGER committee_seats_no_delete BEFORE DELETE ON committee_seats
BEGIN SELECT RAISE(ABORT, 'committee_seats is append-only'); END;

CREATE TRIGGER committee_items_no_delete BEFORE DELETE ON committee_items
BEGIN SELECT RAISE(ABORT, 'committee_items is append-only'); END;

CREATE TRIGGER committee_recusals_no_delete BEFORE DELETE ON committee_recusals
BEGIN SELECT RAISE(ABORT, 'committee_recusals is append-only'); END;

CREATE TRIGGER committee_votes_no_delete BEFORE DELETE ON committee_votes
BEGIN SELECT RAISE(ABORT, 'committee_votes is append-only'); END;

CREATE TRIGGER committee_resolutions_no_delete BEFORE DELETE ON committee_resolutions
BEGIN SELECT RAISE(ABORT, 'committee_resolutions is append-only'); END;

CREATE TRIGGER committee_meetings_no_delete BEFORE DELETE ON committee_meetings
BEGIN SELECT RAISE(ABORT, 'committee_meetings is append-only'); END;

CREATE TRIGGER committee_attendances_no_update BEFORE UPDATE ON committee_attendances
BEGIN SELECT RAISE(ABORT, 'committee_attendances is append-only'); END;
