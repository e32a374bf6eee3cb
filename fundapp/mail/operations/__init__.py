"""Every change of mail: messages, addresses that take nothing, and accounts at LINE."""

from fundapp.mail.operations.addresses import clear_address, note_bounce
from fundapp.mail.operations.line_accounts import (
    link_account,
    note_blocked,
    note_followed,
    prefer_channel,
    unlink_account,
)
from fundapp.mail.operations.messages import (
    LEASE,
    claim_due_message,
    give_back_message,
    mark_failed,
    mark_sent,
    queue_message,
    queue_messages,
    retry_message,
)

__all__ = [
    "LEASE",
    "claim_due_message",
    "clear_address",
    "give_back_message",
    "link_account",
    "mark_failed",
    "mark_sent",
    "note_blocked",
    "note_bounce",
    "note_followed",
    "prefer_channel",
    "queue_message",
    "queue_messages",
    "retry_message",
    "unlink_account",
]
