"""The form that records that the money of a payment came back."""

from typing import Any

from fundapp.disbursements.models import ReturnCause
from fundapp.web.forms import BaseForm, LongTextField, MoneyDayField, RadioChoiceField
from fundapp.web.lazy import lazy as _l


class ComebackForm(BaseForm):
    """How and when it came back, and why; its prefix keeps it apart from cancelling."""

    cause = RadioChoiceField(
        _l("How it came back"), ReturnCause, required=_l("Choose how the money came back.")
    )
    returned_on = MoneyDayField(
        _l("Day on which it was there again"),
        required=_l("Enter the day on which the money was there again."),
    )
    reason = LongTextField(_l("Reason"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="comeback-", **kwargs)
