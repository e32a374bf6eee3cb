"""The forms of samples."""

from collections.abc import Iterable
from typing import Any

from fundapp.audit.samples.drafts import PaperDraft, SampleDraft, Scope
from fundapp.audit.samples.models import Confidence, PaperResult, SampleMethod, SeedSource
from fundapp.ledger.models import EntryKind, Fund
from fundapp.web.forms import (
    BaseForm,
    ChoiceField,
    DayField,
    LongTextField,
    MoneyField,
    RadioChoiceField,
    TextField,
    choices,
)
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized

_DAY = _l("Enter a day, for example 1/10/2569 or 1/10/2026.")


class FreezeForm(BaseForm):
    """What a sample is drawn of, and how sure one wants to be."""

    from_on = DayField(_l("From"), required=_DAY)
    to_on = DayField(_l("To"), required=_DAY)
    kind = ChoiceField(_l("Kind"), EntryKind, blank=_l("All kinds"), default="")
    fund: ChoiceField[Any] = ChoiceField(_l("Fund"), default="")
    method = RadioChoiceField(
        _l("How entries are chosen"),
        SampleMethod,
        required=_l("Choose how entries are chosen."),
        default=str(SampleMethod.MONETARY_UNIT),
    )
    confidence = ChoiceField(
        _l("Confidence"),
        Confidence,
        required=_l("Choose the confidence."),
        default=str(Confidence.C95),
    )
    materiality = MoneyField(
        _l("Materiality"), description=_l("The most that the entries may be wrong together.")
    )
    expected = MoneyField(
        _l("Expected error"),
        allow_zero=True,
        required=None,
        description=_l("Left empty: none is expected."),
    )

    def offer(self, funds: Iterable[Fund]) -> None:
        """Set the funds to choose from."""
        names = {fund.code: localized(fund) for fund in funds}
        self.fund.choices = choices(names, blank=str(_l("All funds")))

    @property
    def draft(self) -> SampleDraft:
        """What was typed."""
        return SampleDraft(
            Scope(self.from_on.value, self.to_on.value, self.kind.member, self.fund.data or None),
            self.method.value,
            self.confidence.value,
            self.materiality.value,
            self.expected.data or 0,
        )


class DrawForm(BaseForm):
    """With which number the drawing begins."""

    source = RadioChoiceField(
        _l("Where the number comes from"),
        SeedSource,
        required=_l("Choose where the number comes from."),
        default=str(SeedSource.PUBLIC),
    )
    seed = TextField(
        _l("The number"),
        longest=60,
        description=_l("As it was drawn, for example the first prize of the lottery of that day."),
    )


class WorkingPaperForm(BaseForm):
    """What checking an item came to."""

    result = RadioChoiceField(
        _l("Result"), PaperResult, required=_l("Choose what checking it came to.")
    )
    error = MoneyField(
        _l("Error"),
        allow_zero=True,
        required=None,
        description=_l("Of an exception: by how much the books say too much."),
    )
    note = LongTextField(
        _l("Note"), description=_l("What was looked at and found. It is stored encrypted.")
    )

    @property
    def draft(self) -> PaperDraft:
        """What was typed."""
        return PaperDraft(self.result.value, self.error.data or 0, self.note.data)
