"""The forms on the pages of lines."""

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import gettext as _
from wtforms import Form, HiddenField
from wtforms.fields import SelectChoice

from fundapp import clock
from fundapp.banking.errors import PartRefusedError
from fundapp.banking.matching.drafts import Transfer
from fundapp.banking.matching.operations import SplitPart
from fundapp.banking.matching.queries import OwnMove, ReturnablePayment
from fundapp.banking.matching.waiting import Waiting
from fundapp.banking.models import LineStatus
from fundapp.disbursements.models import Payout
from fundapp.errors import DomainError, RuleError
from fundapp.giving.models import REASONS_OF_BANKS, Payment, ReturnReason
from fundapp.labels import LabelledEnum
from fundapp.ledger.models import Fund
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.paging import int_key
from fundapp.remarks.forms import CodeField
from fundapp.remarks.models import ReasonCode
from fundapp.web.filters import day, day_short
from fundapp.web.forms import (
    BaseForm,
    ButtonForm,
    ChoiceField,
    FilterForm,
    LongTextField,
    MoneyDayField,
    MoneyField,
    NameField,
    RadioChoiceField,
    TextField,
    choices,
)
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized, translated

_LONGEST_REASON = 300
_MOVE_MISSING = _l("Choose the accounts between which the money moved.")
_FEWEST_PARTS = 2
#: The lists to which one returns after an action.
LISTS = ("lines", "statement")
#: More parts than that are no transfer that a person explains on one page.
MOST_PARTS = 20


class LineForm(ButtonForm):
    """A button of a line, and what the other forms of a line have in common.

    ``back`` names the page to return to: ``statement``, ``lines``, or else the line's own. Of a
    list ``status`` and ``after`` are the page of the button, ``place`` is the line to go on with.
    """

    back = HiddenField()
    status = HiddenField()
    after = HiddenField()
    place = HiddenField()

    @property
    def origin(self) -> dict[str, Any]:
        """The list to go on with, for links and forms that lead there; empty where there is
        none.
        """
        if self.back.data not in LISTS:
            return {}
        fields = (self.back, self.status, self.after, self.place)
        return {field.name: field.data for field in fields if field.data}

    @property
    def list_page(self) -> dict[str, Any]:
        """The parameters of the list's address."""
        return {
            "status": self.status.data or None,
            "after": self.after.data or None,
            "_anchor": f"line-{self.place.data}" if self.place.data else None,
        }


class PayoutLineForm(BaseForm):
    """The line in the bank of a payout of the card processor."""

    line = HiddenField()


class MatchForm(LineForm):
    """A line matched to exactly one target; its fields are the parameters of `match_line`."""

    instalment_reference = HiddenField()
    payment_public_id = HiddenField()
    payout_public_id = HiddenField()
    entry_number = HiddenField()
    lets_go = HiddenField()
    open_satang = HiddenField()

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
    """Why a line is put aside, or a match undone, in a word that stays and in words."""

    code = CodeField(
        _l("In a word"),
        (
            ReasonCode.OTHER,
            ReasonCode.WAITING,
            ReasonCode.OWN_MONEY,
            ReasonCode.WRONG_PERSON,
            ReasonCode.WRONG_FUND,
            ReasonCode.TWICE,
            ReasonCode.MISTAKE,
        ),
    )
    reason = TextField(
        _l("Reason"), required=_l("Say why, in a few words."), longest=_LONGEST_REASON
    )


class GiftForm(LineForm):
    """A line recorded as a gift that nobody promised."""

    fund = ChoiceField[LabelledEnum](_l("Fund"), required=_l("Choose a fund."))
    donor = NameField(_l("Donor's name"))

    def __init__(self, funds: Sequence[Fund], donor: str = "") -> None:
        super().__init__(data={"donor": donor})
        self.fund.choices = _fund_choices(funds)


class SuspenseForm(LineForm):
    """What a line does with the money that waits in the books."""

    waiting = RadioChoiceField[Waiting](
        _l("What the money is"), Waiting, required=_l("Choose one of the possibilities shown.")
    )

    def __init__(self, offered: Sequence[Waiting]) -> None:
        # Offered only: what was sent without a choice chooses nothing.
        first = {"waiting": offered[0].value} if offered and not self.is_submitted() else {}
        super().__init__(data=first)
        self.waiting.choices = choices(offered)


class MoveForm(LineForm):
    """A line that is a fund's own money, moved between two of its accounts."""

    move = ChoiceField[LabelledEnum](_l("Where from, where to"), required=_MOVE_MISSING)

    def __init__(self, moves: Sequence[OwnMove]) -> None:
        super().__init__()
        self.moves = {move.key: move for move in moves}
        self.move.choices = _move_choices(moves)

    @property
    def chosen(self) -> OwnMove | None:
        """The move that was chosen, if it was offered."""
        return self.moves.get(self.move.data)


class TransferForm(BaseForm):
    """Money that an officer moves between two accounts of a fund, before the bank states it."""

    move = ChoiceField[LabelledEnum](_l("Where from, where to"), required=_MOVE_MISSING)
    amount = MoneyField(_l("Amount"))
    moved_on = MoneyDayField(
        _l("Day"), default=clock.today, required=_l("Enter a date, for example 24/11/2569.")
    )
    slip = TextField(_l("Number of the deposit slip"), longest=60)

    def __init__(self, moves: Sequence[OwnMove]) -> None:
        super().__init__()
        self.moves = {move.key: move for move in moves}
        self.move.choices = _move_choices(moves)

    def transfer(self) -> Transfer:
        """The transfer to record; only after validation."""
        move = self.moves[self.move.data]
        return Transfer(
            move.fund.code,
            move.from_account.code,
            move.to_account.code,
            self.amount.value,
            self.moved_on.value,
        )


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
        self.return_reason.choices = choices(REASONS_OF_BANKS, blank=_l("Choose one"))
        self.payment.choices = choices(
            {each.payment.public_id: _payment_text(each.payment) for each in payments}
        )


class LineComebackForm(LineForm):
    """A line of money in that is help which the bank sent back."""

    payout = RadioChoiceField[LabelledEnum](
        _l("Which payment came back"), required=_l("Choose the payment.")
    )
    reason = LongTextField(_l("Reason"))

    def __init__(self, payouts: Sequence[Payout]) -> None:
        super().__init__()
        self.payout.choices = choices({each.public_id: _payout_text(each) for each in payouts})


class PartForm(Form):
    """A part of a line that is split: a reference, or a fund and perhaps a name."""

    reference = TextField(_l("Reference of the pledge"), longest=40)
    donor = NameField(_l("Donor's name"))
    fund = ChoiceField[LabelledEnum](_l("Fund"))
    amount = MoneyField(_l("Amount"))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        typed = (self.reference.data, self.donor.data, self.fund.data, self.amount.raw_data)
        return not any(typed[:3]) and not any(typed[3] or ())

    @property
    def part(self) -> SplitPart:
        """What was typed; only after validation."""
        return SplitPart(
            self.amount.value,
            self.reference.data,
            self.fund.data or "",
            self.donor.data,
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """A reference or a fund says what the part is for."""
        is_valid: bool = super().validate(extra_validators)
        if is_valid and not self.reference.data and not self.fund.data:
            self.fund.errors = [_("Write a reference, or choose the fund of a new gift.")]
            return False
        return is_valid


class SplitForm(LineForm):
    """A line split into parts; ``part_count`` says how many rows were sent."""

    part_count = HiddenField()

    def __init__(self, funds: Sequence[Fund], parts: Sequence[SplitPart] = ()) -> None:
        super().__init__()
        is_sent = self.is_submitted()
        count = min(int_key(self.part_count.data) or 0, MOST_PARTS) if is_sent else len(parts)
        self.parts = [
            self._part(number, funds, None if is_sent else parts[number]) for number in range(count)
        ]
        self.funds = funds
        while len(self.parts) < _FEWEST_PARTS:
            self.add_part()
        self.part_count.data = str(len(self.parts))

    def add_part(self) -> None:
        """One more empty row."""
        if len(self.parts) < MOST_PARTS:
            self.parts.append(PartForm(prefix=f"part-{len(self.parts)}-"))
            self.parts[-1].fund.choices = _fund_choices(self.funds)
        self.part_count.data = str(len(self.parts))

    @property
    def filled(self) -> list[PartForm]:
        """The rows in which something was typed."""
        return [part for part in self.parts if not part.is_empty]

    @property
    def sum_satang(self) -> int:
        """The sum of the amounts that can be read."""
        return sum(part.amount.data or 0 for part in self.parts)

    def validate(self, extra_validators: Any = None) -> bool:
        """Each row that holds something."""
        is_valid = super().validate(extra_validators)
        faulty = [part for part in self.filled if not part.validate()]
        if is_valid and faulty:
            self.form_errors.append(_("Check the rows that are marked below."))
        return is_valid and not faulty

    def refuse(self, error: DomainError) -> None:
        """What was refused of a part is told in its row."""
        if isinstance(error, PartRefusedError):
            row = self.filled[error.place]
            fields = {"reference": row.reference, "payer_name": row.donor}
            field = fields.get(error.field or "", row.fund)
            field.errors = [*field.errors, translated(error)]
            error = PartRefusedError(error.place, RuleError(N_("Check the rows that are marked.")))
        super().refuse(error)

    def _part(self, number: int, funds: Sequence[Fund], part: SplitPart | None) -> PartForm:
        values = (
            None
            if part is None
            else {
                "reference": part.instalment_reference,
                "donor": part.donor_name,
                "fund": part.fund_code,
                "amount": part.amount_satang,
            }
        )
        sent = request.form if part is None else None
        row = PartForm(sent, prefix=f"part-{number}-", data=values)
        row.fund.choices = _fund_choices(funds)
        return row


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


def _payout_text(payout: Payout) -> str:
    return f"{payout.voucher} · {day(payout.paid_on)} · {format_baht(payout.amount_satang)}"


def _move_choices(moves: Sequence[OwnMove]) -> list[SelectChoice]:
    """Each move with what lies in the account that the money leaves."""
    return choices({move.key: _move_text(move) for move in moves}, blank=_("Choose"))


def _move_text(move: OwnMove) -> str:
    text = _(
        "%(fund)s: from %(from_account)s to %(to_account)s (there: %(held)s of %(in_all)s baht)",
        fund=localized(move.fund),
        from_account=localized(move.from_account),
        to_account=localized(move.to_account),
        held=format_baht(move.held_satang),
        in_all=format_baht(move.in_all_satang),
    )
    if move.other_line is None:
        return text
    line = _(
        "with the line of %(day)s on %(account)s",
        day=day_short(move.other_line.booked_on),
        account=move.other_line.bank_account_code,
    )
    return f"{text} – {line}"


def _fund_choices(funds: Sequence[Fund]) -> list[SelectChoice]:
    return choices({fund.code: localized(fund) for fund in funds}, blank=_("Choose a fund"))
