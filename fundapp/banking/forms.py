"""The form of a bank account, and fields that several forms of banking share."""

from flask_babel import gettext

from fundapp.banking.errors import UnknownBankAccountError
from fundapp.banking.models import BankAccount
from fundapp.labels import LabelledEnum
from fundapp.web.forms import BaseForm, ChoiceField, TextField
from fundapp.web.lazy import lazy as _l

_LONGEST_ID = 40


class BankAccountField(ChoiceField[LabelledEnum]):
    """A choice of the fund's bank accounts by code; the form sets the ``choices``."""

    def refusal(self, chosen: str) -> str:
        """The sentence for an account that is not offered."""
        return str(gettext(UnknownBankAccountError.message))


class PromptPayForm(BaseForm):
    """The PromptPay ids that pay into a bank account; the operation reads them."""

    promptpay_biller = TextField(_l("Biller id"), longest=_LONGEST_ID)
    promptpay_id = TextField(_l("PromptPay id"), longest=_LONGEST_ID)

    @classmethod
    def of(cls, account: BankAccount) -> "PromptPayForm":
        """The form with what the account has."""
        return cls(
            formdata=None,
            data={
                "promptpay_biller": account.promptpay_biller_id,
                "promptpay_id": account.promptpay_id,
                "version": str(account.version),
            },
        )
