"""The officer's forms to record a payment and to reverse one, and the filter of the payments."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from wtforms import ValidationError
from wtforms.fields import SelectChoice
from wtforms.widgets import TextArea

from fundapp import clock
from fundapp.giving.drafts import IncomingPayment
from fundapp.giving.forms.donors import FromDonorForm
from fundapp.giving.models import REASONS_OF_BANKS, Instalment, Method, ReturnReason
from fundapp.giving.policy import asset_accounts, shared_accounts
from fundapp.giving.queries import PaymentFilter, find_instalment
from fundapp.ledger.models import Fund
from fundapp.ledger.queries import list_accounts
from fundapp.remarks.forms import CodeField
from fundapp.remarks.models import ReasonCode
from fundapp.web.forms import (
    BaseForm,
    CheckboxField,
    ChoiceField,
    DayField,
    DaysFilter,
    FilterForm,
    MoneyDayField,
    MoneyField,
    NameField,
    RadioChoiceField,
    TextField,
    choices,
)
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized

_LONGEST_NOTE = 500
#: Days that the report of what was promised may cover.
_LONGEST_REPORT = 366
_METHODS = (Method.CASH, Method.CHEQUE, Method.TRANSFER)


class PaymentForm(FromDonorForm):
    """Cash, a cheque or a transfer that an officer records."""

    reference = TextField(_l("Payment reference of a pledge"))
    payer_name = NameField(_l("Name of the giver"))
    anonymous = CheckboxField(_l("Show no name on the receipt"))
    amount = MoneyField(_l("Amount"))
    fund: ChoiceField[Any] = ChoiceField(_l("Fund"), default="")
    method = RadioChoiceField(
        _l("How it was paid"),
        Method,
        default=Method.CASH.value,
        required=_l("Choose one of the possibilities shown."),
    )
    account: ChoiceField[Any] = ChoiceField(_l("Account it is in"), default="")
    received_on = MoneyDayField(
        _l("Day it arrived"),
        default=clock.today,
        required=_l("Enter a date, for example 24/11/2569."),
    )
    note = TextField(_l("Note"), longest=_LONGEST_NOTE, widget=TextArea())

    def __init__(self, funds: Sequence[Fund]) -> None:
        super().__init__()
        self.funds = {fund.code: fund for fund in funds}
        self.fund.choices = choices(
            {fund.code: localized(fund) for fund in funds}, blank=_("As the pledge says")
        )
        self.method.choices = choices(_METHODS)
        self.account.choices = _account_choices(funds)
        self.instalment: Instalment | None = None

    def validate_reference(self, field: TextField) -> None:
        """Empty, or the reference of an instalment."""
        self.instalment = find_instalment(field.data) if field.data else None
        if field.data and self.instalment is None:
            raise ValidationError(
                _("No pledge carries this reference. Check it, or leave it empty.")
            )
        if self.instalment:
            self.received_on.begins_on = clock.local_day(self.instalment.pledge.created_at)

    def validate_payer_name(self, field: TextField) -> None:
        """Required unless the donor or the pledge is known, or the gift is anonymous."""
        is_known = self.known_donor or self.instalment or self.anonymous.data
        if not field.data and not is_known:
            raise ValidationError(_("Enter a name for the receipt, or choose to show no name."))

    def validate_fund(self, field: ChoiceField[Any]) -> None:
        """Required unless the pledge is known."""
        if not field.data and self.instalment is None:
            raise ValidationError(_("Choose the fund that this money is for."))

    def validate_account(self, field: ChoiceField[Any]) -> None:
        """Chosen when the fund has several for this method; never one of another fund."""
        if not self.funds_of_gift or self.method.member is None:
            return
        possible = shared_accounts(self.funds_of_gift, self.method.value)
        if not possible:
            raise ValidationError(
                _("This fund has no account for money that came in this way. Choose another way.")
            )
        if field.data and field.data not in possible:
            raise ValidationError(
                _(
                    "Money of this fund that came in this way is kept in %(accounts)s. Choose "
                    "that, or the fund that the money is for.",
                    accounts=", ".join(possible),
                )
            )
        if not field.data and len(possible) > 1:
            raise ValidationError(
                _(
                    "The fund has several accounts: %(accounts)s. Choose the one that the money "
                    "is in.",
                    accounts=", ".join(possible),
                )
            )

    def validate_received_on(self, field: DayField) -> None:
        """Today or earlier."""
        if field.value > clock.today():
            raise ValidationError(
                _("This day is still to come. Enter the day on which the money arrived.")
            )

    @property
    def funds_of_gift(self) -> list[Fund]:
        """The funds of the pledge, else the one that was chosen, if any was."""
        if self.instalment:
            return self.instalment.pledge.funds
        return [fund for code, fund in self.funds.items() if code == self.fund.data]

    def incoming(self) -> IncomingPayment:
        """The payment to record; only after validation."""
        method, funds = self.method.value, self.funds_of_gift
        if not funds:
            raise ValueError("the form was not validated")
        return IncomingPayment(
            amount_satang=self.amount.value,
            received_on=self.received_on.value,
            method=method,
            asset_account_code=self.account.data or shared_accounts(funds, method)[0],
            donor_id=self.known_donor.id if self.known_donor else None,
            instalment_reference=self.instalment.reference if self.instalment else None,
            fund_code=self.fund.data or None,
            is_anonymous=bool(self.anonymous.data),
            external_ref=f"form:{self.form_id.data}",
            note=self.note.data,
            payer_name=self.payer_name.data,
        )


class ReverseForm(BaseForm):
    """Why a payment is reversed, in a word that stays in the books and in words."""

    code = CodeField(
        _l("In a word"),
        (
            ReasonCode.OTHER,
            ReasonCode.TWICE,
            ReasonCode.AMOUNT,
            ReasonCode.WRONG_PERSON,
            ReasonCode.WRONG_FUND,
        ),
    )

    reason = TextField(
        _l("Why it is reversed"),
        longest=_LONGEST_NOTE,
        required=_l("Say why the payment is reversed."),
    )


class ReturnForm(BaseForm):
    """Why and when the bank took a payment back."""

    return_reason = RadioChoiceField(
        _l("What the bank did"),
        ReturnReason,
        required=_l("Choose one of the possibilities shown."),
    )
    returned_on = DayField(
        _l("Day on which the bank took it back"),
        default=clock.today,
        required=_l("Enter a date, for example 24/11/2569."),
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.return_reason.choices = choices(REASONS_OF_BANKS)


class PaymentSearch(FilterForm):
    """The filter of the list of payments."""

    method = ChoiceField(_l("How it was paid"), Method, blank=_l("Any"), default="")
    from_on = DayField(_l("From day"))
    to_on = DayField(_l("To day"))

    def payment_filter(self) -> PaymentFilter:
        """Which payments the list shows."""
        return PaymentFilter(self.method.member, self.from_on.data, self.to_on.data)


class PromisedFilter(DaysFilter):
    """The days for which promises are held against what arrived; the month of today when empty."""

    def validate_to_on(self, field: DayField) -> None:
        """The range must not end before it begins, nor be longer than a year."""
        super().validate_to_on(field)
        if (self.last_day - self.first_day).days > _LONGEST_REPORT:
            raise ValidationError(_("Choose at most a year."))

    @property
    def first_day(self) -> date:
        """The first day of the range."""
        return self.from_on.data or (self.to_on.data or clock.today()).replace(day=1)

    @property
    def last_day(self) -> date:
        """The last day of the range."""
        first = self.first_day
        return self.to_on.data or first.replace(day=monthrange(first.year, first.month)[1])


def _account_choices(funds: Sequence[Fund]) -> list[SelectChoice]:
    """The accounts of funds that have several for the same method; none when each has one."""
    codes = {
        code
        for fund in funds
        for method in _METHODS
        if len(possible := asset_accounts(fund, method)) > 1
        for code in possible
    }
    if not codes:
        return []
    named = {account.code: account for account in list_accounts()}
    return choices(
        {code: f"{code} {localized(named[code])}" for code in sorted(codes)},
        blank=_("The fund's only one"),
    )
