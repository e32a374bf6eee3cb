"""The forms of boxes and counts."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import ValidationError

from fundapp import clock
from fundapp.giving.cash.drafts import CountDraft
from fundapp.giving.models import BoxStatus, CashDifference, CountKind, DonationBox
from fundapp.giving.models.cash_counts import COINS, DENOMINATIONS, NOTES
from fundapp.ledger.models import Fund
from fundapp.ledger.queries import list_accounts
from fundapp.money import format_baht
from fundapp.thai.folding import fold_signs
from fundapp.web.forms import (
    BaseForm,
    ChoiceField,
    MoneyDayField,
    MoneyField,
    NameField,
    NumberField,
    RadioChoiceField,
    TextField,
    choices,
)
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized

_MOST_PIECES = 100_000
_LONGEST_PLACE = 200


class PiecesField(NumberField):
    """How many notes or coins; none may be written as 0."""

    def read(self, text: str) -> int:
        """The number."""
        return 0 if fold_signs(text).strip("0") == "" else super().read(text)


class BoxForm(BaseForm):
    """Where a box stands, and who keeps it."""

    place = TextField(
        _l("Where it stands"), longest=_LONGEST_PLACE, required=_l("Write where the box stands.")
    )
    keeper = NameField(_l("Who keeps it"))


class NewBoxForm(BoxForm):
    """The same with what never changes."""

    number = NumberField(
        _l("Number on the box"), most=9999, required=_l("Write the number that is on the box.")
    )
    fund: ChoiceField[Any] = ChoiceField(
        _l("Fund"), default="", required=_l("Choose the fund that it collects for.")
    )

    def __init__(self, funds: Sequence[Fund]) -> None:
        super().__init__()
        self.fund.choices = choices(
            {fund.code: localized(fund) for fund in funds}, blank=_l("Choose one")
        )


class ChangeBoxForm(BoxForm):
    """The same, and whether it is out."""

    status = RadioChoiceField(
        _l("State"), BoxStatus, required=_l("Choose one of the possibilities shown.")
    )

    @classmethod
    def of(cls, box: DonationBox) -> "ChangeBoxForm":
        """The form as it is first shown for ``box``."""
        return cls(
            formdata=None,
            place=box.place,
            keeper=box.keeper,
            status=box.status,
            version=str(box.version),
        )


class CountForm(BaseForm):
    """What was counted: the total, and how many of each note and coin."""

    counted_on = MoneyDayField(
        _l("Day of the count"),
        default=clock.today,
        required=_l("Enter a date, for example 24/11/2569."),
    )
    bag_number = TextField(_l("Number of the closed bag"), longest=40)
    account: ChoiceField[Any] = ChoiceField(_l("Cash box that it goes into"), default="")
    total = MoneyField(_l("Total"), allow_zero=True)
    difference = ChoiceField(
        _l("What explains the difference"), CashDifference, blank=_l("There is none"), default=""
    )

    def __init__(self, kind: CountKind, subject: str, accounts: Sequence[str]) -> None:
        super().__init__()
        self.kind, self.subject = kind, subject
        for value in DENOMINATIONS:
            self[_name(value)].label.text = _label(value)
        named = {account.code: account for account in list_accounts()}
        self.account.choices = choices(
            {code: f"{code} {localized(named[code])}" for code in accounts}
        )

    @property
    def notes(self) -> list[PiecesField]:
        """The fields of the notes."""
        return [self[_name(value)] for value in NOTES]

    @property
    def coins(self) -> list[PiecesField]:
        """The fields of the coins."""
        return [self[_name(value)] for value in COINS]

    def validate_bag_number(self, field: TextField) -> None:
        """What comes from outside the office comes in a closed bag."""
        if self.kind is not CountKind.OFFICE and not field.data:
            raise ValidationError(_("Write the number that is printed on the closed bag."))

    @property
    def draft(self) -> CountDraft:
        """What was typed; only after validation."""
        pieces = {value: self[_name(value)].data or 0 for value in DENOMINATIONS}
        is_office = self.kind is CountKind.OFFICE
        return CountDraft(
            self.kind,
            self.subject,
            self.counted_on.value,
            self.total.value,
            {value: count for value, count in pieces.items() if count},
            bag_number="" if is_office else self.bag_number.data.upper(),
            account_code="" if is_office else self.account.data or "",
            difference=self.difference.member if is_office else None,
        )


class ConfirmCountForm(BaseForm):
    """What the second person counted."""

    total = MoneyField(_l("Total that you counted"), allow_zero=True)


def _name(value: int) -> str:
    return f"pieces_{value}"


def _label(value: int) -> str:
    amount = format_baht(value).removesuffix(".00")
    if value in NOTES:
        return _("Notes of %(amount)s baht", amount=amount)
    return _("Coins of %(amount)s baht", amount=amount)


for _value in DENOMINATIONS:
    setattr(CountForm, _name(_value), PiecesField("", most=_MOST_PIECES))
