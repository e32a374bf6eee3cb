"""Forms of batches of payouts."""

from collections.abc import Sequence
from typing import Any

from fundapp.banking.forms import BankAccountField
from fundapp.banking.models import BankAccount
from fundapp.disbursements.models import DisbursementRequest
from fundapp.money import format_baht
from fundapp.payouts.models import BankFileKind
from fundapp.payouts.results import MAX_BYTES
from fundapp.web.forms import (
    BaseForm,
    CheckboxesField,
    CheckboxField,
    DayField,
    RadioChoiceField,
    UploadField,
    choices,
)
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized


class PayoutBatchForm(BaseForm):
    """Which requests are paid, when, and from which account."""

    account = BankAccountField(_l("Bank account"), required=_l("Choose the bank account."))
    pay_on = DayField(_l("Day of payment"), required=_l("Enter the day of payment."))
    everything = CheckboxField(
        _l("All that wait and can be paid from this account"),
        description=_l(
            "Those that something stops, or that you asked for or approved, are left out."
        ),
    )
    requests: Any = CheckboxesField(_l("Requests to be paid by transfer"))

    def offer(
        self, accounts: Sequence[BankAccount], requests: Sequence[DisbursementRequest]
    ) -> "PayoutBatchForm":
        """Set the accounts and the requests to choose from."""
        self.account.choices = choices(
            {account.code: f"{account.code} · {account.name}" for account in accounts}
        )
        self.requests.choices = choices(
            {
                request.public_id: f"{request.number} · {format_baht(request.total_satang)}"
                for request in requests
            }
        )
        return self

    @staticmethod
    def hints(requests: Sequence[DisbursementRequest]) -> dict[str, str]:
        """Fund and district of each request."""
        return {
            request.public_id: f"{localized(request.fund)} · {localized(request.district)}"
            for request in requests
        }


class BatchReleaseForm(BaseForm):
    """Letting the file be taken; again only when the bank does not have the first one."""

    again = CheckboxField(_l("The file that was taken is not with the bank and was deleted"))


class TakeFileForm(BaseForm):
    """In which layout the file is taken."""

    kind = RadioChoiceField(_l("Layout of the file"), BankFileKind, required=_l("Choose one."))


class ResultForm(BaseForm):
    """The result file of the bank."""

    file = UploadField(
        _l("Result file of the bank"),
        required=_l("Choose the file from the bank."),
        most_bytes=MAX_BYTES,
        description=_l("CSV with the columns voucher, state (paid or failed) and reason."),
    )
