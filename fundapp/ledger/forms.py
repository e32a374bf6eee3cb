"""The forms by which funds and months are proposed otherwise.

The ``version`` of a form is that of the values that its page showed
(`fundapp.proposals.queries.version_of_values`).
"""

from collections.abc import Mapping
from typing import Any

from fundapp.ledger.chart import NOT_DEDUCTIBLE, FundAccounts, is_bank_account, is_cash_box
from fundapp.ledger.drafts import FundSettings, Texts
from fundapp.ledger.models import Account, AccountType, ReopenReason, Restriction
from fundapp.ledger.steps import LANGUAGES, LONGEST_NAME, LONGEST_TEXT
from fundapp.web.forms import (
    BaseForm,
    CheckboxesField,
    CheckboxField,
    ChoiceField,
    LongTextField,
    MoneyField,
    NumberField,
    RadioChoiceField,
    TextField,
    choices,
)
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized

_WRITE_IT = _l("Write it in all three languages.")
_MOST_POSITION = 1000


class FundCodeForm(BaseForm):
    """What of a fund never changes."""

    code = TextField(
        _l("Code"),
        longest=20,
        description=_l("Capital letters, digits and hyphens; it never changes."),
        required=_l("Write a code, for example WINTER."),
    )
    restriction = RadioChoiceField(
        _l("Restriction"), Restriction, required=_l("Choose what its money may be used for.")
    )


class FundSettingsForm(BaseForm):
    """What a fund is called and how it stands where one gives."""

    name_th = TextField(_l("Name in Thai"), longest=LONGEST_NAME, required=_WRITE_IT)
    name_en = TextField(_l("Name in English"), longest=LONGEST_NAME, required=_WRITE_IT)
    name_ms = TextField(_l("Name in Malay"), longest=LONGEST_NAME, required=_WRITE_IT)
    purpose_th = LongTextField(
        _l("Purpose in Thai"),
        longest=LONGEST_TEXT,
        description=_l("Shown where one chooses a fund to give to."),
    )
    purpose_en = LongTextField(_l("Purpose in English"), longest=LONGEST_TEXT)
    purpose_ms = LongTextField(_l("Purpose in Malay"), longest=LONGEST_TEXT)
    accepts_gifts = CheckboxField(
        _l("Takes gifts"),
        description=_l("The public page offers it, and officers record new gifts for it."),
    )
    minimum = MoneyField(
        _l("Least gift"),
        required=None,
        description=_l("For a new gift or pledge in all. Left empty: any amount."),
    )
    goal = MoneyField(
        _l("Goal"),
        required=None,
        description=_l("What is to be raised; donors see it. Left empty: no goal."),
    )
    position = NumberField(
        _l("Place in lists"),
        most=_MOST_POSITION,
        description=_l("Funds with a smaller number come first. Left empty: before all others."),
    )

    @property
    def settings(self) -> FundSettings:
        """What was typed."""
        return FundSettings(
            (self.name_th.data, self.name_en.data, self.name_ms.data),
            (self.purpose_th.data, self.purpose_en.data, self.purpose_ms.data),
            self.position.data or 0,
            bool(self.accepts_gifts.data),
            self.minimum.data or 0,
            self.goal.data,
        )

    @staticmethod
    def data_of_settings(settings: FundSettings) -> Mapping[str, Any]:
        """The fields for these settings."""
        names = zip(LANGUAGES, settings.names, settings.purposes, strict=True)
        texts: dict[str, Any] = {}
        for code, name, purpose in names:
            texts |= {f"name_{code}": name, f"purpose_{code}": purpose}
        return texts | {
            "accepts_gifts": settings.accepts_gifts,
            "minimum": settings.minimum_satang or None,
            "goal": settings.goal_satang,
            "position": settings.position or None,
        }


class FundAccountsForm(BaseForm):
    """Where the money of a fund may lie, and the income account of its gifts."""

    bank = CheckboxesField(_l("Bank accounts"))
    cash = CheckboxesField(_l("Cash boxes"))
    income: ChoiceField[Any] = ChoiceField(
        _l("Income account of its gifts"),
        description=_l("By what the donor is, if none is chosen."),
    )

    def offer(self, accounts: list[Account]) -> None:
        """Set the accounts of the chart to choose from."""
        names = {account: f"{account.code} {localized(account)}" for account in accounts}
        for field, is_right in ((self.bank, is_bank_account), (self.cash, is_cash_box)):
            offered = {each.code: name for each, name in names.items() if is_right(each.code)}
            field.choices = choices(offered)
        income = {
            account.code: name
            for account, name in names.items()
            if account.type is AccountType.INCOME
        }
        self.income.choices = choices(income, blank=str(_l("by what the donor is")))

    @property
    def accounts(self) -> FundAccounts:
        """What was ticked."""
        bank, cash = self.bank.data or (), self.cash.data or ()
        return FundAccounts(tuple(sorted(cash)), tuple(sorted(bank)), self.income.data or None)

    @staticmethod
    def data_of_accounts(accounts: FundAccounts) -> Mapping[str, Any]:
        """The fields for these accounts."""
        return {
            "bank": list(accounts.bank),
            "cash": list(accounts.cash),
            "income": accounts.income or "",
        }


class TaxTextsForm(BaseForm):
    """What receipts of a fund say about tax."""

    text_th = LongTextField(
        _l("Tax wording on receipts, in Thai"), longest=LONGEST_TEXT, required=_WRITE_IT
    )
    text_en = LongTextField(
        _l("Tax wording on receipts, in English"), longest=LONGEST_TEXT, required=_WRITE_IT
    )
    text_ms = LongTextField(
        _l("Tax wording on receipts, in Malay"), longest=LONGEST_TEXT, required=_WRITE_IT
    )

    @property
    def texts(self) -> Texts:
        """The sentence in Thai, English and Malay."""
        return self.text_th.data, self.text_en.data, self.text_ms.data

    @staticmethod
    def data_of(texts: Texts) -> Mapping[str, Any]:
        """The fields for a sentence."""
        return {f"text_{code}": text for code, text in zip(LANGUAGES, texts, strict=True)}


class TaxWordingForm(TaxTextsForm):
    """Another sentence, and whether gifts are deductible; in a fund that is opened they are not."""

    is_deductible = CheckboxField(
        _l("Deductible from tax, entered in e-Donation"),
        description=_l(
            "Only when the Revenue Department has registered the fund. Gifts from now on are then "
            "listed to be entered."
        ),
    )


class FundOpeningForm(FundCodeForm, FundSettingsForm, FundAccountsForm, TaxTextsForm):
    """A new fund; its fields stand in the order of these forms."""

    @classmethod
    def empty(cls) -> "FundOpeningForm":
        """The form as it is opened."""
        return cls(
            formdata=None,
            data={
                "accepts_gifts": True,
                **cls.data_of_accounts(FundAccounts()),
                **cls.data_of(NOT_DEDUCTIBLE),
            },
        )


class LetGoLimitForm(BaseForm):
    """How much of a pledge may be let go at a time."""

    limit = MoneyField(
        _l("At most (baht)"),
        required=None,
        allow_zero=True,
        description=_l("0 or left empty: nothing is let go."),
    )


class PeriodReopeningForm(BaseForm):
    """Why a closed month takes entries again."""

    reason = RadioChoiceField(
        _l("Why"), ReopenReason, required=_l("Choose why the month takes entries again.")
    )
