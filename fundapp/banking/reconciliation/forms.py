"""The form above a reconciliation: which account, and at the end of which day."""

from collections.abc import Sequence

from werkzeug.datastructures import MultiDict

from fundapp.banking.forms import BankAccountField
from fundapp.banking.models import BankAccount
from fundapp.web.forms import DayField, FilterForm, choices
from fundapp.web.lazy import lazy as _l


class EndOfDayForm(FilterForm):
    """At the end of which day; no day means today."""

    day = DayField(_l("At the end of"))


class ReconciliationForm(FilterForm):
    """An account, the first one unless another is chosen, and a day; no day means today."""

    account = BankAccountField(_l("Bank account"))
    day = DayField(_l("At the end of"))

    def __init__(self, values: MultiDict[str, str], accounts: Sequence[BankAccount]) -> None:
        super().__init__(values)
        self.account.choices = choices(
            {account.code: f"{account.code} · {account.name}" for account in accounts}
        )
        if not self.account.data and accounts:
            self.account.data = accounts[0].code
