"""The forms of concerns."""

from collections.abc import Iterable
from typing import Any

from wtforms import HiddenField
from wtforms.fields import SelectChoice

from fundapp.concerns.models import ConcernKind, ConcernStatus
from fundapp.identity.models import User
from fundapp.web.forms import (
    BaseForm,
    ChoiceField,
    FilterForm,
    LongTextField,
    RadioChoiceField,
    TextField,
    choices,
)
from fundapp.web.lazy import lazy as _l

_WORDS = _l("Write it in a few words.")


class TellForm(BaseForm):
    """What somebody tells."""

    kind = RadioChoiceField(
        _l("What is it about?"), ConcernKind, required=_l("Choose what it is about.")
    )
    words = LongTextField(
        _l("What happened?"),
        longest=4000,
        required=_l("Write what happened."),
        description=_l("Where and when, and who is concerned, as far as you know."),
    )
    contact = TextField(
        _l("How can we reach you?"),
        longest=200,
        description=_l("Leave it empty to stay unnamed: you find the answer with a code."),
    )


class CodeForm(BaseForm):
    """The code that somebody noted down."""

    code = TextField(_l("Code"), longest=40, required=_l("Write the code that you noted down."))


class FurtherWordsForm(BaseForm):
    """Further words of whoever told it."""

    code = HiddenField()
    words = LongTextField(_l("Add something"), longest=4000, required=_WORDS)


class TakeForm(BaseForm):
    """Somebody takes a concern over; nothing is typed."""


class WordsForm(BaseForm):
    """A note, an answer, or why it is opened again."""

    words = LongTextField(_l("What you write"), longest=4000, required=_WORDS)


class KeepersForm(BaseForm):
    """The two people who read restricted concerns."""

    first: ChoiceField[Any] = ChoiceField(_l("First person"), required=_l("Choose the first one."))
    second: ChoiceField[Any] = ChoiceField(
        _l("Second person"),
        required=_l("Choose the second one."),
        description=_l(
            "They alone read what is told about the safety of a child, and answer it. Supervisors"
            " and approvers can be chosen."
        ),
    )

    def offer(self, people: Iterable[User]) -> None:
        """Set who can be chosen."""
        named = {person.public_id: person.display_name for person in people}
        for field in (self.first, self.second):
            field.choices = choices(named, blank=str(_l("Choose a person")))


class ConcernFilter(FilterForm):
    """Concerns of one state, or those that wait for the reader."""

    status: ChoiceField[Any] = ChoiceField(
        _l("State"),
        choices=[
            SelectChoice("", _l("All")),
            SelectChoice("waiting", _l("Waiting for me")),
            *(SelectChoice(status.value, _l(status.label)) for status in ConcernStatus),
        ],
        default="",
    )

    @property
    def member(self) -> ConcernStatus | None:
        """The chosen state, or None."""
        return next((each for each in ConcernStatus if each.value == self.status.data), None)
