"""The forms that record a payout and file the slip of the bank."""

from typing import Any

from fundapp.documents.forms import PaperField
from fundapp.web.forms import BaseForm, ChoiceField, MoneyDayField, TextField
from fundapp.web.lazy import lazy as _l


class PayoutForm(BaseForm):
    """When the money was paid, and from which account; the view sets the accounts."""

    paid_on = MoneyDayField(_l("Day of payment"), required=_l("Enter the day of payment."))
    paid_from: ChoiceField[Any] = ChoiceField(_l("Paid from"))
    bank_reference = TextField(_l("Reference of the bank"), longest=60)


class PayoutSlipForm(BaseForm):
    """The slip of the bank."""

    slip = PaperField(_l("Slip of the bank"))
