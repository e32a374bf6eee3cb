"""The forms of call-backs and of the rules of receipts."""

from fundapp.callbacks.drafts import AnswerDraft, ReceiptRulesDraft
from fundapp.callbacks.kinds import LABELS
from fundapp.callbacks.models import CallbackOutcome, ReceiptRules
from fundapp.callbacks.steps import RANGES
from fundapp.web.forms import BaseForm, DayField, LongTextField, NumberField, RadioChoiceField
from fundapp.web.lazy import lazy as _l

_NUMBER = _l("Write a number.")
_PERCENT, _FEWEST, _OVERDUE_DAYS, _SUPERVISOR_DAYS = LABELS.values()


class ReceiptRulesForm(BaseForm):
    """Rules of receipts, from a day on."""

    starts_on = DayField(_l("First day"), required=_l("Write the day on which they begin."))
    percent = NumberField(
        _l(_PERCENT),
        most=RANGES["percent"][1],
        required=_NUMBER,
        description=_l("Of the payments that were recorded in a month. Rounded up."),
    )
    fewest = NumberField(_l(_FEWEST), most=RANGES["fewest"][1], required=_NUMBER)
    overdue_days = NumberField(
        _l(_OVERDUE_DAYS),
        most=RANGES["overdue_days"][1],
        required=_NUMBER,
        description=_l("Counted from the payment. Then who asked for the help is told, each week."),
    )
    supervisor_days = NumberField(
        _l(_SUPERVISOR_DAYS),
        most=RANGES["supervisor_days"][1],
        required=_NUMBER,
        description=_l("Counted from the payment too."),
    )

    def draft(self) -> ReceiptRulesDraft:
        """What was typed."""
        numbers = {name: self[name].data for name in RANGES}
        return ReceiptRulesDraft(starts_on=self.starts_on.value, **numbers)


class CallForm(BaseForm):
    """What a call gave."""

    outcome = RadioChoiceField(
        _l("Outcome of the call"), CallbackOutcome, required=_l("Choose the outcome of the call.")
    )
    called_on = DayField(_l("Day of the call"), required=_l("Enter the day of the call."))
    words = LongTextField(
        _l("What was said"),
        description=_l("Without names and telephone numbers. Needed where the amount is missing."),
    )

    def draft(self) -> AnswerDraft:
        """What was typed."""
        return AnswerDraft(self.outcome.value, self.called_on.value, self.words.data or "")


def filled_with_rules(rules: ReceiptRules | None) -> ReceiptRulesForm:
    """The form with what counts now."""
    values = {name: getattr(rules, name) for name in RANGES} if rules else {}
    return ReceiptRulesForm(formdata=None, data=values)
