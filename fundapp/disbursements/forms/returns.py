"""The forms that record that the money of a payment came back, whole or children's shares of it."""

import re
from typing import Any

from flask_babel import gettext as _
from wtforms.widgets import TextArea

from fundapp.children.codes import parse_code
from fundapp.disbursements.forms.lines import shortened
from fundapp.disbursements.models import ReturnCause
from fundapp.web.forms import (
    BaseForm,
    LongTextField,
    MoneyDayField,
    MoneyField,
    RadioChoiceField,
    ReadField,
)
from fundapp.web.lazy import lazy as _l


class _ReturnForm(BaseForm):
    """How and when money came back."""

    cause = RadioChoiceField(
        _l("How it came back"), ReturnCause, required=_l("Choose how the money came back.")
    )
    returned_on = MoneyDayField(
        _l("Day on which it was there again"),
        required=_l("Enter the day on which the money was there again."),
    )


class ComebackForm(_ReturnForm):
    """How and when it came back, and why; its prefix keeps it apart from cancelling."""

    reason = LongTextField(_l("Reason"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="comeback-", **kwargs)


class ChildCodesField(ReadField[list[str]]):
    """Codes of children, one on each line or with commas between them."""

    widget = TextArea()

    def read(self, text: str) -> list[str]:
        """The codes as they are stored; what is none is told."""
        words = [word for word in re.split(r"[\s,;]+", text) if word]
        wrong = [word for word in words if parse_code(word) is None]
        if wrong:
            told = [_("%(text)s is no code of a child.", text=word[:20]) for word in wrong]
            raise ValueError(shortened(told))
        return [code for word in words if (code := parse_code(word))]

    def write(self, value: list[str]) -> str:
        """One on each line."""
        return "\n".join(value)


class ShareBackForm(_ReturnForm):
    """Whose shares came back, how much that is, how and when, and why."""

    amount = MoneyField(_l("How much came back (baht)"))
    codes = ChildCodesField(
        _l("Codes of the children"), required=_l("Enter the code of each child whose share it is.")
    )
    reason = LongTextField(_l("Reason"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="share-", **kwargs)
