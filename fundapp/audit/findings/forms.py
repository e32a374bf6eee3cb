"""The forms of findings."""

from collections.abc import Iterable
from typing import Any

from wtforms.fields import SelectChoice

from fundapp.audit.findings.drafts import FindingDraft
from fundapp.audit.findings.models import FindingStatus, Severity
from fundapp.documents.forms import PaperField
from fundapp.identity.models import User
from fundapp.web.forms import (
    BaseForm,
    ChoiceField,
    DayField,
    FilterForm,
    LongTextField,
    RadioChoiceField,
    TextField,
    choices,
)
from fundapp.web.lazy import lazy as _l

_DAY = _l("Enter a day, for example 1/10/2569 or 1/10/2026.")
_WORDS = _l("Write it in a few words.")


class FindingFilter(FilterForm):
    """Findings of one state, or those past their due date."""

    status: ChoiceField[Any] = ChoiceField(
        _l("State"),
        choices=[
            SelectChoice("", _l("All")),
            SelectChoice("late", _l("Past the due date")),
            *(SelectChoice(status.value, _l(status.label)) for status in FindingStatus),
        ],
        default="",
    )

    @property
    def member(self) -> FindingStatus | None:
        """The chosen state, or None."""
        return next((each for each in FindingStatus if each.value == self.status.data), None)


class FindingForm(BaseForm):
    """What was found."""

    severity = RadioChoiceField(_l("Severity"), Severity, required=_l("Choose how much it weighs."))
    title = TextField(
        _l("Title"),
        required=_l("Write a title."),
        description=_l("No names of people: the title is published with the summary."),
    )
    criteria = LongTextField(_l("What should be"), longest=2000, required=_WORDS)
    condition = LongTextField(_l("What was found"), longest=2000, required=_WORDS)
    cause = LongTextField(_l("Why it came about"), longest=2000, required=_WORDS)
    effect = LongTextField(_l("What follows from it"), longest=2000, required=_WORDS)
    reference = TextField(
        _l("Entry or item of a sample"),
        longest=40,
        description=_l("For example JE… or SA…/3."),
    )
    paper = PaperField(_l("Paper"))
    owner: ChoiceField[Any] = ChoiceField(
        _l("Who is to answer"), required=_l("Choose who is to answer.")
    )
    due_on = DayField(_l("Due on"), required=_DAY)

    def offer(self, people: Iterable[User]) -> None:
        """Set the people who can be asked to answer."""
        names = {person.public_id: person.name for person in people}
        self.owner.choices = choices(names, blank=str(_l("Choose")))

    @property
    def draft(self) -> FindingDraft:
        """What was typed."""
        return FindingDraft(
            self.severity.value,
            self.title.value,
            self.criteria.value,
            self.condition.value,
            self.cause.value,
            self.effect.value,
            self.owner.data,
            self.due_on.value,
            self.reference.data or "",
        )


class EvidenceForm(BaseForm):
    """What shows it."""

    reference = TextField(
        _l("Entry or item of a sample"), longest=40, description=_l("For example JE… or SA…/3.")
    )
    paper = PaperField(_l("Paper"))


class AnswerForm(BaseForm):
    """The response of the owner."""

    words = LongTextField(
        _l("Response"),
        longest=2000,
        required=_WORDS,
        description=_l("What is done about it, by whom and until when."),
    )


class RetestForm(BaseForm):
    """What a retest came to."""

    result: ChoiceField[Any] = RadioChoiceField(
        _l("Result"),
        choices=[
            SelectChoice("pass", _l("It is put right: close the finding")),
            SelectChoice("fail", _l("It is not put right: reopen the finding")),
        ],
        required=_l("Choose what the retest came to."),
    )
    words = LongTextField(_l("What was looked at"), longest=2000, required=_WORDS)
    due_on = DayField(_l("New due date, when it is reopened"))


class ReopenForm(BaseForm):
    """Why a closed finding is opened again."""

    words = LongTextField(_l("Why"), longest=2000, required=_WORDS)
    due_on = DayField(_l("Due on"), required=_DAY)


class ReleaseForm(BaseForm):
    """What the public is told."""

    summary = LongTextField(
        _l("Summary for the public"),
        longest=2000,
        required=_WORDS,
        description=_l("No names of people. It cannot be changed once it is published."),
    )
