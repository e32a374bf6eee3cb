"""Forms of auditors who need names, and of accounts of those who work for the fund."""

from collections.abc import Sequence
from typing import Any, Self

from flask_babel import gettext as _
from wtforms import ValidationError

from fundapp.disbursements.drafts import PayeeAccount
from fundapp.identity.models import User
from fundapp.thai.banks import PROMPTPAY, banks, check_account_number, check_promptpay_number
from fundapp.web.forms import BaseForm, ChoiceField, LongTextField, TextField, choices
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized


class OpeningForm(BaseForm):
    """Why an auditor needs the names of a request."""

    reason = LongTextField(
        _l("Why you need the names"),
        longest=500,
        required=_l("Write why you need to see the names, in ten letters or more."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="opening-", **kwargs)


class StaffAccountForm(BaseForm):
    """An account of somebody who works for the fund; the view sets the people."""

    person: ChoiceField[Any] = ChoiceField(_l("Person"), required=_l("Choose a person."))
    bank: ChoiceField[Any] = ChoiceField(_l("Bank"), required=_l("Choose the bank or PromptPay."))
    account_number = TextField(
        _l("Account or PromptPay number"), required=_l("Enter the account or PromptPay number.")
    )

    def offer(self, people: Sequence[User]) -> Self:
        """Offer these people and every bank."""
        names = {bank.code: f"{localized(bank)} ({bank.symbol})" for bank in banks().values()}
        self.person.choices = choices(
            {user.public_id: user.display_name for user in people}, blank=_("Choose")
        )
        self.bank.choices = choices({PROMPTPAY: "PromptPay", **names}, blank=_("Choose"))
        return self

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
