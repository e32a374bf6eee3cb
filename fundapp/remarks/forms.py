"""The field of a reason from the list, and the forms that erase words."""

from collections.abc import Sequence
from typing import Any

from fundapp.remarks.models import ErasureReason, ReasonCode
from fundapp.web.forms import BaseForm, ChoiceField, TextField, choices
from fundapp.web.lazy import lazy as _l


class CodeField(ChoiceField[ReasonCode]):
    """A reason from a list, which permanent rows carry; the first is chosen unless another is."""

    def __init__(self, label: str, codes: Sequence[ReasonCode], **kwargs: Any) -> None:
        super().__init__(label, ReasonCode, default=codes[0].value, **kwargs)
        self.choices = choices(codes)

    @property
    def value(self) -> ReasonCode:
        """The chosen reason."""
        return self.member or ReasonCode.OTHER


class NumberForm(BaseForm):
    """Which words."""

    number = TextField(
        _l("Number of the words"), longest=40, required=_l("Enter the number, for example RM….")
    )


class GroundForm(BaseForm):
    """Why they are erased."""

    why = ChoiceField(
        _l("Why they are erased"),
        ErasureReason,
        blank=_l("Choose …"),
        required=_l("Choose one from the list."),
    )
