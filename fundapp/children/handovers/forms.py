"""Forms of hand-overs: shape and per-field sentences. Rules are in the operations."""

from collections.abc import Iterable, Sequence
from typing import Any, Self

from flask_babel import gettext as _

from fundapp.children.files import ChildName
from fundapp.children.forms.consents import CHOOSE_ONE
from fundapp.identity.models import User
from fundapp.web.forms import BaseForm, CheckboxesField, ChoiceField, LongTextField, choices
from fundapp.web.lazy import lazy as _l


class HandoverForm(BaseForm):
    """To whom a child goes, and what the next case manager should know."""

    to: ChoiceField[Any] = ChoiceField(_l("To whom"), required=CHOOSE_ONE)
    words = LongTextField(
        _l("What the next case manager should know"),
        required=_l("Write what the next case manager should know."),
    )

    def offer(self, people: Iterable[User]) -> Self:
        """Offer these people."""
        names = {person.public_id: person.display_name for person in people}
        self.to.choices = choices(names, blank=_("Choose …"))
        return self


class ManyForm(BaseForm):
    """Which of the children of a list."""

    children = CheckboxesField(_l("Children"))

    def of(self, names: Sequence[ChildName], *, ticked: bool = False) -> Self:
        """Offer these children, whose names were read."""
        found = {name.child.public_id: _said(name) for name in names}
        self.children.choices = choices(found)
        if ticked:
            self.children.data = list(found)
        return self


class ManyHandoversForm(ManyForm, HandoverForm):
    """Several children go to one other case manager."""


def _said(name: ChildName) -> str:
    code = name.child.code
    return f"{name.display_name} ({code})" if name.is_shown else code
