"""The forms of budgets and of transfers between funds."""

from collections.abc import Mapping, Sequence
from typing import Any

from fundapp.budgets.drafts import TransferDraft
from fundapp.budgets.models import TransferReason
from fundapp.documents.forms import PaperField
from fundapp.ledger.models import Account, Fund
from fundapp.web.forms import (
    BaseForm,
    CheckboxField,
    ChoiceField,
    FilterForm,
    MoneyField,
    RadioChoiceField,
    choices,
)
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized


class BudgetFilter(FilterForm):
    """A fiscal year, and one fund or all."""

    year: ChoiceField[Any] = ChoiceField(_l("Fiscal year"), default="")
    fund: ChoiceField[Any] = ChoiceField(_l("Fund"), default="")

    def __init__(
        self, args: Mapping[str, Any], funds: Sequence[Fund], years: Sequence[int]
    ) -> None:
        super().__init__(args)
        self.year.choices = choices({str(year): str(year) for year in years})
        names = {fund.code: localized(fund) for fund in funds}
        self.fund.choices = choices(names, blank=str(_l("All funds")))


def budget_form(accounts: Sequence[Account]) -> type[BaseForm]:
    """A form with an amount for each of these accounts; its fields are called ``amount_5110``."""
    fields = {
        f"amount_{account.code}": MoneyField(
            f"{account.code} {localized(account)}", required=None, allow_zero=True
        )
        for account in accounts
    }
    return type("BudgetForm", (BaseForm,), fields)


def amounts_of(form: BaseForm, accounts: Sequence[Account]) -> dict[str, int]:
    """What was typed, in satang by account; what is left empty or zero is left out."""
    typed = {account.code: form[f"amount_{account.code}"].data for account in accounts}
    return {code: satang for code, satang in typed.items() if satang}


class TransferRuleForm(BaseForm):
    """Whether a fund gives and takes."""

    gives = CheckboxField(
        _l("Gives money to other funds"), description=_l("An unrestricted fund only.")
    )
    takes = CheckboxField(
        _l("Takes money of other funds"), description=_l("Every fund but one of zakat.")
    )


class FundTransferForm(BaseForm):
    """Money that one fund is to give another."""

    from_fund: ChoiceField[Any] = ChoiceField(
        _l("From the fund"), required=_l("Choose the fund that gives.")
    )
    to_fund: ChoiceField[Any] = ChoiceField(
        _l("To the fund"), required=_l("Choose the fund that takes.")
    )
    account: ChoiceField[Any] = ChoiceField(
        _l("Account in which the money lies"),
        required=_l("Choose the account."),
        description=_l("The money stays there; only its fund changes."),
    )
    amount = MoneyField(_l("Amount"))
    reason = RadioChoiceField(_l("Reason"), TransferReason, required=_l("Choose why."))
    paper = PaperField(
        _l("Paper that says why"),
        required=_l("Send the resolution or memorandum as a picture or PDF."),
    )

    def offer(
        self, givers: Sequence[Fund], takers: Sequence[Fund], names: Mapping[str, str]
    ) -> None:
        """Set the funds to choose from, and the accounts with their names."""
        for field, funds in ((self.from_fund, givers), (self.to_fund, takers)):
            named = {fund.code: localized(fund) for fund in funds}
            field.choices = choices(named, blank=str(_l("Choose")))
        codes = sorted({code for fund in givers for code in fund.own_account_codes})
        accounts = {code: names.get(code, code) for code in codes}
        self.account.choices = choices(accounts, blank=str(_l("Choose")))

    def draft(self, document: str) -> TransferDraft:
        """What was typed, with the public id of its stored paper."""
        return TransferDraft(
            self.from_fund.data,
            self.to_fund.data,
            self.account.data,
            self.amount.value,
            self.reason.value,
            document,
        )
