"""The forms on the pages of lines."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import gettext as _
from wtforms import HiddenField
from wtforms.fields import SelectChoice

from fundapp.banking.matching.queries import ReturnablePayment
from fundapp.banking.models import LineStatus
from fundapp.giving.models import Payment, ReturnReason
from fundapp.labels import LabelledEnum
from fundapp.ledger.models import Fund
from fundapp.money import format_baht
from fundapp.web.filters import day
from fundapp.web.forms import (
    ButtonForm,
    ChoiceField,
    FilterForm,
    NameField,
    RadioChoiceField,
    TextField,
    choices,
)
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized

_LONGEST_REASON = 300


class LineForm(ButtonForm):
    """A button of a line, and what the other forms of a line have in common.

    ``back`` names the page to return to: ``statement``, ``lines``, or else the line's own.
    """

    back = HiddenField()


class MatchForm(LineForm):
    """A line matched to exactly one target; its fields are the parameters of `match_line`."""

    instalment_reference = HiddenField()
    payment_public_id = HiddenField()
    payout_public_id = HiddenField()
    entry_number = HiddenField()

    @property
    def target(self) -> dict[str, str]:
        """The parameters that were sent."""
        fields = (
            self.instalment_reference,
            self.payment_public_id,
            self.payout_public_id,
            self.entry_number,
        )
        return {field.name: field.data for field in fields if field.data}

    def validate(self, extra_validators: Any = None) -> bool:
        """One target, and no more."""
        if not super().validate(extra_validators):
            return False
        if len(self.target) != 1:
            self.form_errors.append(_("Choose what the line belongs to."))
            return False
        return True


class ReasonForm(LineForm):
    """Why a line is put aside, or a match undone."""

    reason = TextField(
        _l("Reason"), required=_l("Say why, in a few words."), longest=_LONGEST_REASON
    )


class GiftForm(LineForm):
    """A line recorded as a gift that nobody promised."""

    fund = ChoiceField[LabelledEnum](_l("Fund"), required=_l("Choose a fund."))
    donor = NameField(_l("Donor's name"))

    def __init__(self, funds: Sequence[Fund]) -> None:
        super().__init__()
        self.fund.choices = _fund_choices(funds)


class CashForm(LineForm):
    """A line that is the fund's own cash, paid in or drawn."""

    cash_fund = ChoiceField[LabelledEnum](_l("Fund"), required=_l("Choose a fund."))

    def __init__(self, funds: Sequence[Fund]) -> None:
        super().__init__()
        self.cash_fund.choices = _fund_choices(funds)


class LineReturnForm(LineForm):
    """A line of money out that is the return of a payment."""

    payment = RadioChoiceField[LabelledEnum](
        _l("Which gift the bank took back"), required=_l("Choose the gift.")
    )
    return_reason = ChoiceField(
        _l("What the bank did"),
        ReturnReason,
        blank=_l("Choose one"),
        required=_l("Choose one of the possibilities shown."),
    )

    def __init__(
        self, payments: Sequence[ReturnablePayment], reason: ReturnReason | None = None
    ) -> None:
        super().__init__(return_reason=reason)
        self.payment.choices = choices(
            {each.payment.public_id: _payment_text(each.payment) for each in payments}
        )


class LineSearch(FilterForm):
    """A search for an instalment."""

    q = TextField(_l("Reference, amount or donor's name"))


class LineFilter(FilterForm):
    """The state of the lines in a list; any other text means all of them."""

    status = ChoiceField[LineStatus](_l("Lines by state"), LineStatus)


def _payment_text(payment: Payment) -> str:
    name = payment.donor.name or _("No name")
    method = gettext(payment.method.label)
    return f"{name} · {method} · {day(payment.received_on)} · {format_baht(payment.amount_satang)}"


def _fund_choices(funds: Sequence[Fund]) -> list[SelectChoice]:
    return choices({fund.code: localized(fund) for fund in funds}, blank=_("Choose a fund"))
