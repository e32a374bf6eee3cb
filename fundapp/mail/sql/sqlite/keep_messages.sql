-- What was sent stays as it was sent: it is not sent again and says nothing else. It may come back,
-- once. An account at LINE stays that of its file, and ends once.

CREATE TRIGGER mail_messages_kept BEFORE UPDATE ON mail_messages
WHEN OLD.sent_at IS NOT NULL AND (
    NEW.id, NEW.sent_at, NEW.recipient_type, NEW.recipient_ref, NEW.channel, NEW.kind,
    NEW.to_address, NEW.subject, NEW.body, NEW.queued_at
) IS NOT (
    OLD.id, OLD.sent_at, OLD.recipient_type, OLD.recipient_ref, OLD.channel, OLD.kind,
    OLD.to_address, OLD.subject, OLD.body, OLD.queued_at
)
OR OLD.came_back_at IS NOT NULL AND NEW.came_back_at IS NOT OLD.came_back_at
BEGIN SELECT RAISE(ABORT, 'a message that was sent stays as it is'); END;

CREATE TRIGGER line_accounts_kept BEFORE UPDATE ON line_accounts
WHEN (
    NEW.id, NEW.recipient_type, NEW.recipient_ref, NEW.user_lookup, NEW.linked_at
) IS NOT (
    OLD.id, OLD.recipient_type, OLD.recipient_ref, OLD.user_lookup, OLD.linked_at
)
OR OLD.ended_at IS NOT NULL AND NEW.ended_at IS NOT OLD.ended_at
BEGIN SELECT RAISE(ABORT, 'an account at LINE stays that of its file'); END;

CREATE TRIGGER failing_addresses_kept BEFORE UPDATE ON failing_addresses
WHEN (NEW.id, NEW.address, NEW.failure, NEW.status, NEW.message_id, NEW.since)
    IS NOT (OLD.id, OLD.address, OLD.failure, OLD.status, OLD.message_id, OLD.since)
OR OLD.cleared_at IS NOT NULL AND NEW.cleared_at IS NOT OLD.cleared_at
BEGIN SELECT RAISE(ABORT, 'that an address fails is kept, and cleared once'); END;
