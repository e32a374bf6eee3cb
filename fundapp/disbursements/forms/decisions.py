"""The forms that decide on a request and cancel it."""

from typing import Any

from fundapp.web.forms import BaseForm, LongTextField
from fundapp.web.lazy import lazy as _l


class DecisionForm(BaseForm):
    """The reason of a decision; approving needs none."""

    reason = LongTextField(_l("Reason"))


class CancelForm(BaseForm):
    """The reason of cancelling; its prefix keeps it apart from a decision on the same page."""

    reason = LongTextField(_l("Reason"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="cancel-", **kwargs)
