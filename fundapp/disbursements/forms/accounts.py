"""The fields of an account at a bank or PromptPay."""

from typing import Any

from flask_babel import gettext as _
from wtforms import ValidationError

from fundapp.disbursements.drafts import PayeeAccount
from fundapp.thai.banks import PROMPTPAY, banks, check_account_number, check_promptpay_number
from fundapp.web.forms import BaseForm, ChoiceField, TextField, choices
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized


class AccountForm(BaseForm):
    """An account: its bank, or PromptPay, and its number."""

    bank: ChoiceField[Any] = ChoiceField(_l("Bank"), required=_l("Choose the bank or PromptPay."))
    account_number = TextField(
        _l("Account or PromptPay number"), required=_l("Enter the account or PromptPay number.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {bank.code: f"{localized(bank)} ({bank.symbol})" for bank in banks().values()}
        self.bank.choices = choices({PROMPTPAY: "PromptPay", **names}, blank=_("Choose"))

    def validate_account_number(self, field: TextField) -> None:
        """The number fits a bank, or PromptPay."""
        is_promptpay = self.bank.data == PROMPTPAY
        check = check_promptpay_number if is_promptpay else check_account_number
        try:
            field.data = check(field.data or "")
        except ValueError as error:
            raise ValidationError(_(str(error))) from error

    def account(self) -> PayeeAccount:
        """What was typed; only after validation."""
        return PayeeAccount(self.bank.data, self.account_number.data)
