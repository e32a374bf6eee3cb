"""The form to give or pledge, and the one to change a pledge."""

from collections.abc import Sequence
from datetime import date

from flask import current_app, request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField, ValidationError

from fundapp import clock
from fundapp.giving import schedule
from fundapp.giving.forms.reading import (
    LONGEST_NAME,
    Cards,
    read_count,
    read_day,
    read_email,
    read_line,
    read_money,
    typed_day,
)
from fundapp.giving.models import Frequency, Method, Pledge
from fundapp.giving.operations import PledgeTerms
from fundapp.giving.policy import terms_of
from fundapp.giving.words import label
from fundapp.ids import new_public_id
from fundapp.ledger.models import Fund
from fundapp.money import format_baht
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import locale_code, localized

#: What a check box sends when it is not ticked, from any program.
UNTICKED = ("", "0", "false", "no", "off", "n")
_YEARS_AHEAD = 5
_LONGEST_KEY = 64


class MethodCards(Cards):
    """Ways to pay; a card is refused with what to use instead."""

    def refusal(self, chosen: str) -> str:
        """Say which ways there are."""
        if chosen == Method.CARD:
            return str(_("Cards are not taken yet. Choose PromptPay, bank transfer or cash."))
        return str(_("Choose how you will pay: PromptPay, bank transfer or cash."))


class GiveForm(FlaskForm):
    """Everything a donor says. `terms` is what was meant, once `validate_on_submit` is true."""

    form_id = HiddenField(default=new_public_id)
    amount = StringField(_l("Amount"))
    fund = Cards(_l("Fund"))
    frequency = Cards(_l("How often"), default=Frequency.ONCE.value)
    instalments = StringField(_l("How many times"))
    amount_is = Cards(_l("The amount above is"), default="total")
    starts_on = StringField(_l("First day"))
    name = StringField(_l("Your name"))
    anonymous = BooleanField(_l("Show no name on my receipt"), false_values=UNTICKED)
    email = StringField(_l("E-mail"))
    method = MethodCards(_l("How you will pay"), default=Method.PROMPTPAY.value)

    def __init__(self, funds: Sequence[Fund]) -> None:
        super().__init__()
        self.fund.choices = [(fund.code, localized(fund)) for fund in funds]
        self.frequency.choices = [(value.value, label(value)) for value in Frequency]
        self.amount_is.choices = [
            ("total", _l("the total, split over all times")),
            ("each", _l("what I give each time")),
        ]
        self.method.choices = offered_methods()
        if not self.is_submitted():
            self.fund.data = _fund_asked_for(funds)
            self.starts_on.data = typed_day(clock.today())

    def validate_form_id(self, field: HiddenField) -> None:
        """A key of our own making; another one is replaced, as if the page had just been opened."""
        key = field.data or ""
        if not (key.isascii() and key.isprintable() and 0 < len(key) <= _LONGEST_KEY):
            field.data = new_public_id()

    def validate_amount(self, field: StringField) -> None:
        """Baht."""
        self.amount_satang = read_money(field)

    def validate_instalments(self, field: StringField) -> None:
        """Empty for once and for open-ended; otherwise how many."""
        self.count = read_count(field.data, schedule.MAXIMUM_INSTALMENTS)
        if self.frequency.data == Frequency.ONCE:
            if self.count not in (None, 1):
                raise ValidationError(
                    _("A single gift has one instalment. Leave this empty, or choose how often.")
                )
            self.count = 1
        self._check_end()

    def validate_starts_on(self, field: StringField) -> None:
        """Today or later, not too far ahead; empty means today."""
        self.first_day = read_start(field)

    def validate_name(self, field: StringField) -> None:
        """Needed unless the gift is anonymous."""
        self.clean_name = read_line(field.data, LONGEST_NAME)
        if not self.clean_name and not self.anonymous.data:
            raise ValidationError(
                _("Enter a name for the receipt, or choose to give without a name.")
            )

    def validate_email(self, field: StringField) -> None:
        """An address, if any."""
        self.address = read_email(field.data)

    def validate_amount_is(self, _field: Cards) -> None:
        """The total must have a satang for each time."""
        satang = getattr(self, "amount_satang", None)
        count = getattr(self, "count", None)
        if satang and count and self.amount_is.data == "total" and satang < count:
            raise ValidationError(
                _("The amount is too small for so many instalments. Choose fewer instalments.")
            )

    def terms(self) -> PledgeTerms:
        """What the donor meant."""
        times = self.count if self.count and self.amount_is.data == "each" else 1
        return PledgeTerms(
            amount_satang=self.amount_satang * times,
            fund_code=self.fund.data,
            starts_on=self.first_day,
            frequency=Frequency(self.frequency.data),
            instalment_count=self.count,
            method=Method(self.method.data),
            name=self.clean_name,
            email=self.address,
            is_anonymous=bool(self.anonymous.data),
            locale=locale_code(),
            idempotency_key=self.form_id.data,
        )

    def _check_end(self) -> None:
        times_a_year = schedule.TIMES_A_YEAR.get(self.frequency.data)
        if self.count and times_a_year and self.count > times_a_year * schedule.MAXIMUM_YEARS:
            raise ValidationError(
                _("This would go on for more than 50 years. Choose fewer, or leave it empty.")
            )


class ChangeForm(FlaskForm):
    """A new amount and first day for what is still to come of a pledge."""

    amount = StringField(_l("New amount"))
    starts_on = StringField(_l("First day"))
    seen = HiddenField()

    @classmethod
    def of(cls, pledge: Pledge) -> "ChangeForm":
        """The form as it is first shown for ``pledge``."""
        form = cls(formdata=None)
        form.amount.data = format_baht(pledge.amount_satang)
        form.starts_on.data = typed_day(max(pledge.starts_on, clock.today()))
        form.seen.data = terms_of(pledge)
        return form

    def validate_amount(self, field: StringField) -> None:
        """Baht."""
        self.amount_satang = read_money(field)

    def validate_starts_on(self, field: StringField) -> None:
        """Today or later; empty means today."""
        self.first_day = read_start(field)


def offered_methods() -> list[tuple[str, str]]:
    """The ways a donor can choose; a card only where a gateway takes it."""
    methods = [Method.PROMPTPAY, Method.TRANSFER, Method.CASH]
    if current_app.config.get("STRIPE_SECRET_KEY") and "card_gateway" in current_app.extensions:
        methods.insert(2, Method.CARD)
    return [(method.value, label(method)) for method in methods]


def _fund_asked_for(funds: Sequence[Fund]) -> str | None:
    """The fund of ``/give?fund=CODE``, else the first."""
    codes = [fund.code for fund in funds]
    asked = request.args.get("fund", "")
    return asked if asked in codes else next(iter(codes), None)


def read_start(field: StringField) -> date:
    """A first day from today to five years ahead; today when nothing was typed."""
    today = clock.today()
    if not (field.data or "").strip():
        return today
    day = read_day(field)
    if day < today:
        raise ValidationError(_("This day has passed. Choose today or a later day."))
    if day > schedule.add_months(today, 12 * _YEARS_AHEAD):
        raise ValidationError(_("This day is too far ahead. Choose one within five years."))
    return day
