"""The forms of refunds: how much and how, to which account, when it was paid, why it is not."""

from typing import Any

from flask_babel import gettext as _
from wtforms import HiddenField, ValidationError

from fundapp import clock
from fundapp.giving.drafts import GiverAccount
from fundapp.giving.models import RefundRefusal, RefundWay
from fundapp.thai.banks import PROMPTPAY, banks, check_account_number, check_promptpay_number
from fundapp.web.forms import (
    BaseForm,
    ChoiceField,
    DayField,
    MoneyDayField,
    MoneyField,
    NameField,
    RadioChoiceField,
    TextField,
    choices,
)
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized


class RefundForm(BaseForm):
    """How much of a gift is given back, and how; what came by card goes back to the card."""

    amount = MoneyField(_l("Amount to give back"))
    way = RadioChoiceField(
        _l("How it goes back"),
        RefundWay,
        default=RefundWay.TRANSFER.value,
        required=_l("Choose one of the possibilities shown."),
    )

    def __init__(self, *, by_card: bool, **values: Any) -> None:
        super().__init__(**values)
        if by_card:
            del self.way
        self.by_card = by_card

    @property
    def way_value(self) -> RefundWay | None:
        """How the office pays it; None through the card processor."""
        return None if self.by_card else self.way.value


class RefundAccountForm(BaseForm):
    """The account of a giver into which a refund goes."""

    bank: ChoiceField[Any] = ChoiceField(_l("Bank, or PromptPay"), required=_l("Choose the bank."))
    number = TextField(
        _l("Account or PromptPay number"), required=_l("Enter the number of the account.")
    )
    holder = NameField(
        _l("Name of the account"), required=_l("Enter the name as it stands in the bank book.")
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        names = {bank.code: f"{localized(bank)} ({bank.symbol})" for bank in banks().values()}
        self.bank.choices = choices({PROMPTPAY: _("PromptPay"), **names}, blank=_("Choose"))

    def validate_number(self, field: TextField) -> None:
        """A number that the bank chosen can have."""
        is_promptpay = self.bank.data == PROMPTPAY
        check = check_promptpay_number if is_promptpay else check_account_number
        try:
            field.data = check(field.data)
        except ValueError as error:
            raise ValidationError(_(str(error))) from error

    def account(self) -> GiverAccount:
        """What was typed; only after validation."""
        return GiverAccount(self.bank.data, self.number.data, self.holder.data)


class SeenAccountForm(BaseForm):
    """That somebody looked at an account, and at which."""

    seen = HiddenField()


class RefundPaidForm(BaseForm):
    """When a refund was paid, out of which account; ``seen`` is the giver's account."""

    seen = HiddenField()
    paid_on = MoneyDayField(
        _l("Day of payment"), default=clock.today, required=_l("Enter the day of payment.")
    )
    account: ChoiceField[Any] = ChoiceField(_l("Paid from"), required=_l("Choose an account."))


class SentBackForm(BaseForm):
    """When the bank sent a refund back."""

    sent_back_on = DayField(
        _l("Day on which it came back"),
        default=clock.today,
        required=_l("Enter a date, for example 24/11/2569."),
    )


#: What the office answers; that the bank took a gift back is booked, not answered.
_ANSWERS = [each for each in RefundRefusal if each is not RefundRefusal.TAKEN_BACK]


class RefusalForm(BaseForm):
    """Why a gift is not given back."""

    why = RadioChoiceField(
        _l("Why"), RefundRefusal, required=_l("Choose one of the possibilities shown.")
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.why.choices = choices(_ANSWERS)
