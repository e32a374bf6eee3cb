"""The forms that decide on a request and cancel it."""

from typing import Any

from fundapp.disbursements.models import Interest
from fundapp.remarks.forms import CodeField
from fundapp.remarks.models import ReasonCode
from fundapp.web.forms import BaseForm, LongTextField, RadioChoiceField
from fundapp.web.lazy import lazy as _l

_REFUSALS = (
    ReasonCode.OTHER,
    ReasonCode.INCOMPLETE,
    ReasonCode.AMOUNT,
    ReasonCode.RULES,
    ReasonCode.OTHER_HELP,
    ReasonCode.TWICE,
)
_CANCELLATIONS = (
    ReasonCode.OTHER,
    ReasonCode.NOT_NEEDED,
    ReasonCode.OTHER_HELP,
    ReasonCode.TWICE,
    ReasonCode.MISTAKE,
)


class DecisionForm(BaseForm):
    """The reason of a decision, in a word that stays and in words; approving needs none."""

    code = CodeField(_l("In a word"), _REFUSALS)
    reason = LongTextField(_l("Reason"))


class PaymentReleaseForm(BaseForm):
    """Why a stopped payment goes on; its prefix keeps it apart from cancelling on the same page."""

    reason = LongTextField(_l("Reason"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="release-", **kwargs)


class RequestInterestForm(BaseForm):
    """Why an approver does not decide; its prefix keeps it apart from a decision."""

    interest = RadioChoiceField(
        _l("Why you do not decide"), Interest, required=_l("Choose what your interest is.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="interest-", **kwargs)


class CancelForm(BaseForm):
    """The reason of cancelling; its prefix keeps it apart from a decision on the same page."""

    code = CodeField(_l("In a word"), _CANCELLATIONS)
    reason = LongTextField(_l("Reason"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="cancel-", **kwargs)
