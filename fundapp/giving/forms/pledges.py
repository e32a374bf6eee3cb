"""The form to give or pledge, and the one to change a pledge."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any, Self

from flask import current_app, request
from flask_babel import gettext as _
from wtforms import HiddenField, StringField, ValidationError

from fundapp import clock
from fundapp.giving import schedule
from fundapp.giving.drafts import PledgeTerms
from fundapp.giving.forms.shares import SplitFields
from fundapp.giving.gateways.values import GATEWAY
from fundapp.giving.labels import pledge_sum
from fundapp.giving.models import DonorKind, Frequency, Method, Pledge, ShareUnit
from fundapp.giving.policy import version_of
from fundapp.giving.queries import OfferedFund
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.web.form_stamps import new_stamp
from fundapp.web.forms import (
    BaseForm,
    CheckboxField,
    ChoiceField,
    DayField,
    EmailField,
    MoneyField,
    NameField,
    NumberField,
    PhoneField,
    RadioChoiceField,
    TextField,
    choices,
)
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import locale_code, localized

_YEARS_AHEAD = 5
_CHOOSE = _l("Choose one of the possibilities shown.")


class FirstDayField(DayField):
    """The first day of a pledge, from today to five years ahead; `day` is today when it is left
    empty.
    """

    def read(self, text: str) -> date:
        """The day."""
        day = super().read(text)
        today = clock.today()
        if day < today:
            raise ValueError(N_("This day has passed. Choose today or a later day."))
        if day > schedule.add_months(today, 12 * _YEARS_AHEAD):
            raise ValueError(N_("This day is too far ahead. Choose one within five years."))
        return day

    @property
    def day(self) -> date:
        """The day to begin with."""
        return self.data or clock.today()


class MethodField(RadioChoiceField[Method]):
    """Ways to pay; the sentence for any other says which there are."""

    def refusal(self, chosen: str) -> str:
        """Cards have a sentence of their own."""
        if chosen == Method.CARD:
            return str(_("Cards are not taken yet. Choose PromptPay, bank transfer or cash."))
        return str(_("Choose how you will pay: PromptPay, bank transfer or cash."))


class Step(StrEnum):
    """What the form to give is sent for. Without one the pledge is made."""

    ASK = "ask"
    MAKE = "make"
    CHANGE = "change"


class GiveForm(SplitFields, BaseForm):
    """Everything a donor enters to give or pledge.

    The page says explicitly that an amount is what is given each time, and asks for a second look
    at more than one; a request without these two fields gives a total and makes the pledge at once.
    """

    step = HiddenField("")
    opened = HiddenField("")
    #: The address of the campaign on whose page one began to give; empty: none.
    campaign = HiddenField("")
    #: Not shown: people leave it empty, programs that fill in everything do not.
    website = StringField("")
    amount = MoneyField(_l("Amount"))
    fund: RadioChoiceField[Any] = RadioChoiceField(_l("Fund"), required=_CHOOSE)
    frequency = RadioChoiceField(
        _l("How often"), Frequency, default=Frequency.ONCE.value, required=_CHOOSE
    )
    instalments = NumberField(_l("How many times"), most=schedule.MAXIMUM_INSTALMENTS)
    amount_is: RadioChoiceField[Any] = RadioChoiceField(
        _l("The amount above is"),
        choices=choices(
            {
                "each": _l("what I give each time"),
                "total": _l("the total, split over all times"),
            }
        ),
        default="total",
        required=_CHOOSE,
    )
    starts_on = FirstDayField(_l("First day"), default=clock.today)
    name = NameField(_l("Your name"))
    anonymous = CheckboxField(_l("Show no name on my receipt"))
    email = EmailField(_l("E-mail"))
    kind = ChoiceField(_l("I give as"), DonorKind, default=DonorKind.INDIVIDUAL.value)
    in_honour_of = NameField(_l("In honour or memory of"))
    payer_name = NameField(_l("Who pays, if it is not you"))
    phone = PhoneField(_l("Telephone"))
    method = MethodField(
        _l("How you will pay"), Method, default=Method.PROMPTPAY.value, required=_CHOOSE
    )

    def __init__(self, funds: Sequence[OfferedFund]) -> None:
        super().__init__()
        names = {fund.code: localized(fund) for fund in funds}
        self.fund.choices = choices(names)
        self.shares.funds = list(names.items())
        self.kind.choices = choices(kind for kind in DonorKind if _is_offered(kind))
        self.method.choices = choices(offered_methods())
        if not self.is_submitted():
            self.fund.data = self._fund_to_begin_with()
            self.amount_is.data = "each"
            self.campaign.data = request.args.get("campaign", "")

    def begin(self) -> None:
        """Make the form ready to be shown and sent: to ask back, with a stamp of when it was
        opened.
        """
        self.step.data = Step.ASK
        self.opened.data = self.opened.data or new_stamp()

    @property
    def misses_fund(self) -> bool:
        """Whether ``/give?fund=CODE`` asks for a fund that takes no gifts now."""
        asked = request.args.get("fund", "")
        return bool(asked) and asked not in self.fund_codes

    @property
    def fund_codes(self) -> list[str]:
        """The funds that it offers."""
        return [choice.value for choice in self.fund.choices]

    def _fund_to_begin_with(self) -> str | None:
        """The fund that was asked for, none if it takes no gifts now; else the first."""
        if self.misses_fund:
            return None
        return request.args.get("fund") or next(iter(self.fund_codes), None)

    @property
    def instalment_count(self) -> int | None:
        """How many instalments; None for an open-ended pledge."""
        return 1 if self.frequency.data == Frequency.ONCE else self.instalments.data

    @property
    def fund_name(self) -> str:
        """The name of the chosen fund, or of each with what it gets; only after validation."""
        if parts := self.share_amounts:
            return " · ".join(f"{name} {format_baht(satang)}" for name, satang in parts)
        return next(
            str(choice.label) for choice in self.fund.choices if choice.value == self.fund.data
        )

    @property
    def times(self) -> int:
        """How often the amount is given: once, if it is the total."""
        count = self.instalment_count
        return count if count is not None and self.amount_is.data == "each" else 1

    @property
    def has_kind(self) -> bool:
        """Whether something else than a person was chosen: a form that says nothing says that."""
        return self.kind.member not in (None, DonorKind.INDIVIDUAL)

    @property
    def has_more(self) -> bool:
        """Whether anything was said, or is wrong, of what few donors say."""
        fields = (self.in_honour_of, self.payer_name, self.phone)
        is_wrong = any(field.errors for field in (*fields, self.kind))
        return is_wrong or self.has_kind or any(field.data for field in fields)

    @property
    def asks_back(self) -> bool:
        """Whether the page is to ask whether the sum is meant; only after validation."""
        return self.step.data == Step.ASK and self.instalment_count != 1

    @property
    def sum(self) -> str:
        """What the pledge comes to; only after validation."""
        satang, count = self.amount.value, self.instalment_count
        if count is None:
            amounts = [satang]
        elif self.amount_is.data == "each":
            amounts = [satang] * count
        else:
            amounts = schedule.amounts(satang, count)
        return pledge_sum(self.frequency.value, amounts, is_counted=count is not None)

    def validate_instalments(self, field: NumberField) -> None:
        """One for a single gift, and no more than `schedule.MAXIMUM_YEARS` of them."""
        if self.frequency.data == Frequency.ONCE and field.data not in (None, 1):
            raise ValidationError(
                _("A single gift has one instalment. Leave this empty, or choose how often.")
            )
        times_a_year = schedule.TIMES_A_YEAR.get(self.frequency.data)
        if field.data and times_a_year and field.data > times_a_year * schedule.MAXIMUM_YEARS:
            raise ValidationError(
                _("This would go on for more than 50 years. Choose fewer, or leave it empty.")
            )

    def validate_amount_is(self, field: RadioChoiceField[Any]) -> None:
        """A total has a satang for each instalment."""
        satang, count = self.amount.data, self.instalment_count
        if satang and count and field.data == "total" and satang < count:
            raise ValidationError(
                _("The amount is too small for so many instalments. Choose fewer instalments.")
            )

    def validate_name(self, field: TextField) -> None:
        """Required unless the gift is anonymous."""
        if not field.data and not self.anonymous.data:
            raise ValidationError(
                _("Enter a name for the receipt, or choose to give without a name.")
            )

    def terms(self) -> PledgeTerms:
        """The terms of the pledge."""
        count = self.instalment_count
        is_each = count is not None and count > 1 and self.amount_is.data == "each"
        shares = self.share_terms
        return PledgeTerms(
            amount_satang=self.amount.value * self.times,
            each_satang=self.amount.value if is_each else None,
            fund_code=shares[0].fund_code if shares else self.fund.data,
            starts_on=self.starts_on.day,
            frequency=self.frequency.value,
            instalment_count=count,
            method=self.method.value,
            name=self.name.data,
            email=self.email.data,
            kind=self.kind.member if self.has_kind else None,
            phone=self.phone.data or None,
            in_honour_of=self.in_honour_of.data,
            payer_name=self.payer_name.data,
            is_anonymous=bool(self.anonymous.data),
            locale=locale_code(),
            idempotency_key=self.form_id.data,
            shares=shares,
            share_unit=ShareUnit(self.share_unit.data),
        )


class ChangeForm(BaseForm):
    """New terms for what is still to come of a pledge; what is left empty stays."""

    amount = MoneyField(_l("New amount"))
    starts_on = FirstDayField(_l("Next part due on"))
    frequency = ChoiceField(_l("How often"), Frequency, default="")
    remaining = NumberField(
        _l("How many parts are still to come"), most=schedule.MAXIMUM_INSTALMENTS
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        often = [each for each in Frequency if each is not Frequency.ONCE]
        self.frequency.choices = choices(often, blank=_("As before"))

    @classmethod
    def of(cls, pledge: Pledge) -> Self:
        """The form as it is first shown for ``pledge``."""
        unpaid = [row.due_on for row in pledge.instalments if row.paid_satang == 0]
        next_on = min(unpaid, default=clock.today())
        counted = pledge.instalment_count is not None
        return cls(
            formdata=None,
            amount=pledge.each_satang or pledge.amount_satang,
            # A day that has passed is left empty: then the days stay.
            starts_on=next_on if next_on >= clock.today() else None,
            frequency="" if pledge.frequency is Frequency.ONCE else pledge.frequency.value,
            remaining=len(unpaid) or None if counted else None,
            version=version_of(pledge),
        )

    @property
    def terms(self) -> dict[str, Any]:
        """What `operations.change_pledge` takes; only after validation."""
        return {
            "amount_satang": self.amount.value,
            "starts_on": self.starts_on.data,
            "frequency": self.frequency.member,
            "remaining": self.remaining.data,
            "version": self.version.data or None,
        }


def _is_offered(kind: DonorKind) -> bool:
    return kind is not DonorKind.UNKNOWN


def offered_methods() -> list[Method]:
    """The ways to pay that a donor can choose; cards only where a gateway takes them."""
    methods = [Method.PROMPTPAY, Method.TRANSFER, Method.CASH]
    if GATEWAY in current_app.extensions:
        methods.insert(2, Method.CARD)
    return methods
