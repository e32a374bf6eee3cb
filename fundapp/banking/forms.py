"""The form of a bank account, and fields that several forms of banking share."""

from flask_babel import gettext

from fundapp.banking.errors import UnknownBankAccountError
from fundapp.banking.models import BankAccount
from fundapp.labels import LabelledEnum
from fundapp.ledger.models import Account
from fundapp.thai.banks import banks
from fundapp.web.forms import BaseForm, ChoiceField, TextField, choices
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized

_LONGEST_ID = 40


def bank_name(code: str) -> str:
    """A bank as people call it, with its letters; the code where it is not known."""
    bank = banks().get(code)
    return code if bank is None else f"{localized(bank)} ({bank.symbol})"


class BankAccountField(ChoiceField[LabelledEnum]):
    """A choice of the fund's bank accounts by code; the form sets the ``choices``."""

    def refusal(self, chosen: str) -> str:
        """The sentence for an account that is not offered."""
        return str(gettext(UnknownBankAccountError.message))


class BankAccountForm(BaseForm):
    """A new bank account; the operation reads numbers and ids. The view sets the choices."""

    code = TextField(
        _l("Code"),
        longest=20,
        description=_l("A short name, for example KTB-MAIN. It never changes."),
        required=_l("Use capital letters, digits and hyphens."),
    )
    name = TextField(
        _l("Name"),
        description=_l("The holder's name, as the bank writes it."),
        required=_l("Enter the name of the account."),
    )
    bank = ChoiceField[LabelledEnum](_l("Bank"), required=_l("Choose the bank."))
    number = TextField(_l("Account number"), longest=_LONGEST_ID, required=_l("Check the number."))
    account_code = ChoiceField[LabelledEnum](
        _l("Account of the books"),
        description=_l(
            "Each account at a bank has one of its own. Those that are taken are not offered; if "
            "none is left, ask whoever maintains the program for a further bank account in the "
            "chart."
        ),
        required=_l("Choose a bank account of the chart."),
    )
    promptpay_biller = TextField(
        _l("Biller id"),
        longest=_LONGEST_ID,
        description=_l("15 digits, if the bank gave one for this account."),
    )
    promptpay_id = TextField(
        _l("PromptPay id"),
        longest=_LONGEST_ID,
        description=_l("Used only when there is no biller id."),
    )

    def offer(self, accounts: list[Account]) -> None:
        """Set the banks, and the accounts of the chart that may mirror it."""
        names = {code: bank_name(code) for code in banks()}
        self.bank.choices = choices(names, blank=gettext("Choose"))
        mirrors = {each.code: f"{each.code} {localized(each)}" for each in accounts}
        self.account_code.choices = choices(mirrors, blank=gettext("Choose"))

    @property
    def values(self) -> dict[str, str]:
        """What was typed, as the operation takes it."""
        return {
            "name": self.name.data,
            "bank_code": str(self.bank.data),
            "account_number": self.number.data,
            "account_code": str(self.account_code.data),
            "promptpay_biller": self.promptpay_biller.data,
            "promptpay_id": self.promptpay_id.data,
        }


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
