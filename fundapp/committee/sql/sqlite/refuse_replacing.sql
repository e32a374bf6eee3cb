-- INSERT OR REPLACE removes nothing of the committee; see fundapp/ledger/sql/sqlite/refuse_replacing.sql.

CREATE TRIGGER committee_orders_no_replace BEFORE INSERT ON committee_orders
WHEN EXISTS (
    SELECT 1 FROM committee_orders WHERE id = NEW.id
        OR public_id = NEW.public_id
        OR number = NEW.number
        OR starts_on = NEW.starts_on
        OR proposal_id = NEW.proposal_id
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: committee_orders (no row is replaced)'); END;

CREATE TRIGGER committee_seats_no_replace BEFORE INSERT ON committee_seats
WHEN EXISTS (
    SELECT 1 FROM committee_seats WHERE (order_id = NEW.order_id AND (seat = NEW.seat OR member_id = NEW.member_id
        OR substitute_id = NEW.substitute_id))
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: committee_seats (no row is replaced)'); END;

CREATE TRIGGER committee_meetings_no_replace BEFORE INSERT ON committee_meetings
WHEN EXISTS (
    SELECT 1 FROM committee_meetings WHERE id = NEW.id
        OR public_id = NEW.public_id
        OR (fiscal_year = NEW.fiscal_year AND number = NEW.number)
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: committee_meetings (no row is replaced)'); END;

CREATE TRIGGER committee_items_no_replace BEFORE INSERT ON committee_items
WHEN EXISTS (
    SELECT 1 FROM committee_items WHERE id = NEW.id
        OR public_id = NEW.public_id
        OR (meeting_id = NEW.meeting_id AND (position = NEW.position OR request_id = NEW.request_id))
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: committee_items (no row is replaced)'); END;

CREATE TRIGGER committee_attendances_no_replace BEFORE INSERT ON committee_attendances
WHEN EXISTS (
    SELECT 1 FROM committee_attendances WHERE (meeting_id = NEW.meeting_id
        AND (seat = NEW.seat OR user_id = NEW.user_id))
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: committee_attendances (no row is replaced)'); END;

CREATE TRIGGER committee_recusals_no_replace BEFORE INSERT ON committee_recusals
WHEN EXISTS (
    SELECT 1 FROM committee_recusals WHERE (item_id = NEW.item_id AND user_id = NEW.user_id)
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: committee_recusals (no row is replaced)'); END;

CREATE TRIGGER committee_votes_no_replace BEFORE INSERT ON committee_votes
WHEN EXISTS (
    SELECT 1 FROM committee_votes WHERE (item_id = NEW.item_id AND user_id = NEW.user_id)
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: committee_votes (no row is replaced)'); END;

CREATE TRIGGER committee_resolutions_no_replace BEFORE INSERT ON committee_resolutions
WHEN EXISTS (
    SELECT 1 FROM committee_resolutions WHERE item_id = NEW.item_id
        OR (fiscal_year = NEW.fiscal_year AND number = NEW.number)
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: committee_resolutions (no row is replaced)'); END;
