"""The office's forms: a pledge from a signed paper, and what is done to a pledge for its donor."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext as _
from wtforms import HiddenField, ValidationError

from fundapp import clock
from fundapp.documents.forms import PaperField
from fundapp.giving.drafts import PledgeTerms
from fundapp.giving.forms.pledges import ChangeForm, FirstDayField, GiveForm
from fundapp.giving.models import Donor, Method, Pledge, PledgeStatus
from fundapp.giving.queries import OfferedFund, find_donor
from fundapp.giving.schedule import add_months
from fundapp.giving.workflow import PledgeAction, is_possible
from fundapp.markers import N_
from fundapp.web.filters import day
from fundapp.web.forms import (
    BaseForm,
    ChoiceField,
    DayField,
    FilterForm,
    LongTextField,
    TextField,
    choices,
)
from fundapp.web.lazy import lazy as _l

_WHY = _l("Say why the donor wants this, for example: called on 3 June, gives less now.")
#: How long ago a paper may have been signed.
_MONTHS_BACK = 24
ACTIONS = {
    PledgeAction.PAUSE: N_("Pause"),
    PledgeAction.RESUME: N_("Resume"),
    PledgeAction.CANCEL: N_("Cancel the pledge"),
}


class PaperDayField(FirstDayField):
    """The first day as the paper says it; it may have passed."""

    def read(self, text: str) -> date:
        """The day."""
        typed = DayField.read(self, text)
        if typed < add_months(clock.today(), -_MONTHS_BACK):
            raise ValueError(N_("This day is more than two years ago. Look at the paper again."))
        return typed if typed < clock.today() else super().read(text)


class PaperPledgeForm(GiveForm):
    """A pledge that a donor signed on paper (a letter of intent), with a scan."""

    donor = HiddenField()
    starts_on = PaperDayField(_l("First day"), default=clock.today)
    name = TextField(_l("Name of the donor"))
    paper = PaperField(_l("Photograph or scan of the signed paper"))

    def __init__(self, funds: Sequence[OfferedFund]) -> None:
        super().__init__(funds)
        self.donor.data = self.donor.data or request.args.get("donor", "")
        self.known_donor: Donor | None = find_donor(self.donor.data)
        if not self.is_submitted() and self.known_donor:
            self.name.data = self.known_donor.name
            self.email.data = self.known_donor.email
        self.method.choices = choices([Method.TRANSFER, Method.PROMPTPAY, Method.CASH])
        self.method.label.text = _("How it will be paid")
        self.amount_is.choices = choices(
            {"each": _("of each instalment"), "total": _("of all instalments together")}
        )
        self.anonymous.label.text = _("Show no name on receipts")
        self.step.data = ""

    def validate_donor(self, field: HiddenField) -> None:
        """Nobody, or a known donor."""
        if field.data and (self.known_donor is None or self.known_donor.is_unknown):
            raise ValidationError(
                _("This donor is not known. Choose the donor from the list again.")
            )

    def terms(self) -> PledgeTerms:
        """The terms of the pledge; in the language of a donor on file, else in that of the page."""
        known = self.known_donor
        if known is None:
            return super().terms()
        name = self.name.data or known.name
        return replace(
            super().terms(), donor_id=known.id, name=name, email=known.email, locale=known.locale
        )


class PledgeSearch(FilterForm):
    """The filter of the list of pledges."""

    status = ChoiceField(_l("State"), PledgeStatus, blank=_l("All"), default="")


class PaperForm(BaseForm):
    """A scan of the paper that belongs to a pledge."""

    paper = PaperField(
        _l("Photograph or scan of the signed paper"), required=_l("Choose the file first.")
    )


class OfficeChangeForm(ChangeForm):
    """New terms, as the donor asked for, and why."""

    reason = LongTextField(_l("Why"), required=_WHY)


class ActForm(BaseForm):
    """Pause, resume or cancel a pledge for its donor, and why."""

    action: ChoiceField[Any] = ChoiceField(
        _l("What to do"), required=_l("Choose one of the possibilities shown.")
    )
    act_reason = LongTextField(_l("Why"), required=_WHY)

    def __init__(self, pledge: Pledge, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        possible = {action: _(text) for action, text in ACTIONS.items()}
        self.action.choices = choices(
            {key: text for key, text in possible.items() if is_possible(pledge.status, key)}
        )


class WriteOffForm(BaseForm):
    """Write a part off, or open it again, and why."""

    instalment: ChoiceField[Any] = ChoiceField(
        _l("Part"), required=_l("Choose one of the possibilities shown.")
    )
    off_reason = LongTextField(_l("Why"), required=_WHY)

    def __init__(self, pledge: Pledge, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        rows = pledge.instalments
        self.instalment.choices = choices(
            {
                **{f"off-{row.number}": _("Write off: %(day)s", day=day(row.due_on))
                   for row in rows if row.open_satang},
                **{f"back-{row.number}": _("Open again: %(day)s", day=day(row.due_on))
                   for row in rows if row.let_go_satang},
            }
        )  # fmt: skip

    @property
    def takes_back(self) -> bool:
        """Whether a part is to be opened again."""
        return str(self.instalment.data).startswith("back-")

    @property
    def number(self) -> int:
        """The number of the part; only after validation."""
        return int(str(self.instalment.data).rpartition("-")[2])
