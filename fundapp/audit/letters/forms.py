"""The forms of letters."""

from fundapp.audit.letters.drafts import ReplyDraft
from fundapp.audit.letters.models import LetterAnswer
from fundapp.web.forms import BaseForm, DayField, LongTextField, MoneyField, RadioChoiceField
from fundapp.web.lazy import lazy as _l


class SentForm(BaseForm):
    """When a letter went out."""

    sent_on = DayField(
        _l("Sent on"), required=_l("Enter a day, for example 1/10/2569 or 1/10/2026.")
    )


class ReplyForm(BaseForm):
    """What somebody answers."""

    answer = RadioChoiceField(
        _l("Is this amount right?"), LetterAnswer, required=_l("Choose whether it is right.")
    )
    amount = MoneyField(
        _l("The amount as you know it (baht)"),
        allow_zero=True,
        required=None,
        description=_l("Only if it is not right; 0 if there was none."),
    )
    words = LongTextField(
        _l("What you want to say"),
        longest=1000,
        description=_l("No names of children. It is stored encrypted."),
    )

    @property
    def draft(self) -> ReplyDraft:
        """What was typed."""
        return ReplyDraft(self.answer.value, self.amount.data, self.words.data or "")
