"""What the secretary and the members do: plan, open, attend, declare, vote, count, close; and what
two people decide.
"""

from fundapp.committee.operations.items import cast_vote, count_votes, declare_interest
from fundapp.committee.operations.meetings import (
    add_items,
    cancel_meeting,
    close_meeting,
    open_meeting,
    plan_meeting,
    record_attendance,
)
from fundapp.committee.operations.orders import RULE, SOURCE_TYPE, record_order, record_rule

__all__ = [
    "RULE",
    "SOURCE_TYPE",
    "add_items",
    "cancel_meeting",
    "cast_vote",
    "close_meeting",
    "count_votes",
    "declare_interest",
    "open_meeting",
    "plan_meeting",
    "record_attendance",
    "record_order",
    "record_rule",
]
