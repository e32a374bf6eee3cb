"""Everything that is done with grants."""

from fundapp.grants.operations.amendments import amend_grant
from fundapp.grants.operations.drafts import (
    PARTS,
    add_part,
    change_grant,
    draft_grant,
    remove_part,
    withdraw_grant,
)
from fundapp.grants.operations.running import (
    accept_report,
    complete_grant,
    end_grant,
    meet_condition,
    return_report,
    send_report,
    start_grant,
)

__all__ = [
    "PARTS",
    "accept_report",
    "add_part",
    "amend_grant",
    "change_grant",
    "complete_grant",
    "draft_grant",
    "end_grant",
    "meet_condition",
    "remove_part",
    "return_report",
    "send_report",
    "start_grant",
    "withdraw_grant",
]
