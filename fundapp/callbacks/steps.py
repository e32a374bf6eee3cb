"""What whoever proposes rules of receipts and whoever confirms them are asked alike."""

from fundapp import clock
from fundapp.callbacks.drafts import ReceiptRulesDraft
from fundapp.callbacks.errors import (
    ReceiptRulesDayError,
    ReceiptRulesNumberError,
    SupervisorDaysError,
)
from fundapp.callbacks.queries import list_receipt_rules

#: The first and last number of each field.
RANGES = {
    "percent": (0, 100),
    "fewest": (1, 500),
    "overdue_days": (1, 365),
    "supervisor_days": (2, 730),
}


def check_receipt_rules(draft: ReceiptRulesDraft) -> None:
    """Raise ReceiptRulesDayError, ReceiptRulesNumberError, SupervisorDaysError."""
    taken = {each.starts_on for each in list_receipt_rules()}
    if draft.starts_on < clock.today() or draft.starts_on in taken:
        raise ReceiptRulesDayError(field="starts_on")
    for name, (first, last) in RANGES.items():
        if not first <= getattr(draft, name) <= last:
            raise ReceiptRulesNumberError(field=name, params={"first": first, "last": last})
    if draft.supervisor_days <= draft.overdue_days:
        raise SupervisorDaysError(field="supervisor_days")
