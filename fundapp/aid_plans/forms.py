"""The forms of aid in instalments."""

from typing import Any

from fundapp.aid_plans.drafts import AidRulesDraft, SplitDraft
from fundapp.aid_plans.models import MOST_INSTALMENTS, AidTermKind
from fundapp.disbursements.models import Need
from fundapp.documents.forms import PaperField
from fundapp.web.forms import (
    BaseForm,
    CheckboxesField,
    ChoiceField,
    DayField,
    LongTextField,
    NumberField,
    choices,
)
from fundapp.web.lazy import lazy as _l

_NUMBER = _l("Write a number.")


class InstalmentsForm(BaseForm):
    """How a request is paid in instalments."""

    count = NumberField(
        _l("How many instalments"),
        most=MOST_INSTALMENTS,
        required=_NUMBER,
        description=_l("Each of the amount of this request, which becomes the first."),
    )
    first_on = DayField(_l("First instalment due on"), required=_l("Write the day."))
    months = NumberField(_l("Months between them"), most=12, required=_NUMBER)

    def draft(self) -> SplitDraft:
        """What was typed."""
        return SplitDraft(self.count.value, self.first_on.value, self.months.value)


class FactForm(BaseForm):
    """What shows that a condition holds."""

    kind: ChoiceField[Any] = ChoiceField(
        _l("Condition"), AidTermKind, required=_l("Choose the condition.")
    )
    percent = NumberField(
        _l("Attendance (per cent)"),
        most=100,
        description=_l("For attendance alone; of several children the lowest."),
    )
    paper = PaperField(_l("Paper of the school (photograph or PDF)"))


class WaiverForm(BaseForm):
    """Why an instalment is paid without a condition."""

    term: ChoiceField[Any] = ChoiceField(
        _l("Condition"), AidTermKind, required=_l("Choose the condition.")
    )
    reason = LongTextField(_l("Why it is paid without it"), required=_l("Write why."))


class AidRulesForm(BaseForm):
    """The conditions of a need, from a day on."""

    need: ChoiceField[Any] = ChoiceField(_l("Need"), Need, required=_l("Choose the need."))
    starts_on = DayField(_l("First day"), required=_l("Write the day on which they begin."))
    percent = NumberField(
        _l("Attendance of at least (per cent)"), most=100, description=_l("Empty: no condition.")
    )
    others = CheckboxesField(
        _l("Further conditions"),
        choices=choices([kind for kind in AidTermKind if kind is not AidTermKind.ATTENDANCE]),
    )

    def draft(self) -> AidRulesDraft:
        """What was chosen."""
        others = frozenset(AidTermKind(kind) for kind in self.others.data or ())
        return AidRulesDraft(self.need.value, self.starts_on.value, self.percent.data, others)
