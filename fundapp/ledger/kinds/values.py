"""Funds as proposals write them, and how people read that."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, ClassVar

from flask_babel import gettext as _

from fundapp.access.permissions import Permission
from fundapp.ledger.chart import FundAccounts
from fundapp.ledger.drafts import FundSettings, Texts
from fundapp.ledger.models import Fund, Restriction
from fundapp.ledger.queries import list_accounts, list_funds
from fundapp.ledger.steps import LANGUAGES
from fundapp.money import format_baht
from fundapp.proposals.models import Values
from fundapp.proposals.registry import ProposalKind, Row
from fundapp.web.locale import localized


class OfTheBooks(ProposalKind):
    """Officers and administrators propose; administrators, who move no money, confirm."""

    propose: ClassVar[Permission] = Permission.HOUSE_PROPOSE
    confirm: ClassVar[Permission] = Permission.HOUSE_CONFIRM
    applies_with: ClassVar[Permission] = Permission.FUND_OPEN


class OfAFund(OfTheBooks):
    """A change of a fund that there is."""

    def subject_labels(self, subjects: Collection[str]) -> Mapping[str, str]:
        """The names of the funds."""
        return {code: name for code, name in fund_names().items() if code in subjects}


def settings_values(settings: FundSettings) -> Values:
    """What a fund is called and how it stands where one gives."""
    return {
        "names": list(settings.names),
        "purposes": list(settings.purposes),
        "position": settings.position,
        "accepts_gifts": settings.accepts_gifts,
        "minimum_satang": settings.minimum_satang,
        "goal_satang": settings.goal_satang,
    }


def settings_of(fund: Fund) -> FundSettings:
    """Those of a fund."""
    return FundSettings(
        (fund.name_th, fund.name_en, fund.name_ms),
        (fund.purpose_th, fund.purpose_en, fund.purpose_ms),
        fund.position,
        fund.accepts_gifts,
        fund.minimum_satang,
        fund.goal_satang,
    )


def read_settings(values: Values) -> FundSettings:
    """The settings that a proposal wrote."""
    texts = {"names": _texts(values["names"]), "purposes": _texts(values["purposes"])}
    return FundSettings(**{**values, **texts})


def settings_rows(values: Values) -> list[Row]:
    """The settings, as people read them."""
    minimum, goal = values["minimum_satang"], values["goal_satang"]
    takes_gifts = _("yes, while the fund is open") if values["accepts_gifts"] else _("no")
    return [
        *_text_rows(_("Name (%(language)s)"), values["names"]),
        *_text_rows(_("Purpose (%(language)s)"), values["purposes"]),
        (_("Place in lists"), str(values["position"])),
        (_("Takes gifts"), takes_gifts),
        (_("Least gift (baht)"), format_baht(minimum) if minimum else _("any amount")),
        (_("Goal (baht)"), format_baht(goal) if goal else _("none")),
    ]


def accounts_values(accounts: FundAccounts) -> Values:
    """Where a fund's money may lie, and the income account of its gifts."""
    return {
        "cash": list(accounts.cash),
        "bank": list(accounts.bank),
        "income": accounts.income,
    }


def read_accounts(values: Values) -> FundAccounts:
    """The accounts that a proposal wrote."""
    return FundAccounts(tuple(values["cash"]), tuple(values["bank"]), values["income"])


def accounts_rows(values: Values, names: Mapping[str, str]) -> list[Row]:
    """The accounts, with their names (`account_labels`)."""
    cash, bank = (
        ", ".join(names.get(code, code) for code in values[key]) for key in ("cash", "bank")
    )
    income = values["income"]
    return [
        (_("Cash boxes"), cash),
        (_("Bank accounts"), bank),
        (_("Income account"), names.get(income, income) if income else _("by what the donor is")),
    ]


def fund_names() -> dict[str, str]:
    """The name of each fund by its code."""
    return {fund.code: localized(fund) for fund in list_funds()}


def account_labels() -> dict[str, str]:
    """Each account of the chart by its code: "1121 Bank, main account"."""
    return {account.code: f"{account.code} {localized(account)}" for account in list_accounts()}


def texts_values(texts: Texts) -> Values:
    """A sentence in Thai, English and Malay."""
    return {"texts": list(texts)}


def wording_values(texts: Texts, *, is_deductible: bool) -> Values:
    """What receipts say about tax, and whether their gifts are entered in e-Donation."""
    return {**texts_values(texts), "is_deductible": is_deductible}


def wording_rows(values: Values) -> list[Row]:
    """The same, as people read it."""
    entered = _("yes, and entered in e-Donation") if values["is_deductible"] else _("no")
    return [*texts_rows(values), (_("Deductible from tax"), entered)]


def read_texts(values: Values) -> Texts:
    """The sentence that a proposal wrote."""
    return _texts(values["texts"])


def texts_rows(values: Values) -> list[Row]:
    """What receipts say."""
    return _text_rows(_("On receipts (%(language)s)"), values["texts"])


def opening_values(
    restriction: Restriction, settings: FundSettings, accounts: FundAccounts, tax_wording: Texts
) -> Values:
    """A fund that is to be opened."""
    return {
        "restriction": str(restriction),
        **settings_values(settings),
        **accounts_values(accounts),
        **texts_values(tax_wording),
    }


def _texts(texts: Iterable[Any]) -> Texts:
    thai, english, malay = texts
    return thai, english, malay


def _text_rows(label: str, texts: Iterable[str]) -> list[Row]:
    names = {"th": _("Thai"), "en": _("English"), "ms": _("Malay")}
    return [
        (label % {"language": names[code]}, text)
        for code, text in zip(LANGUAGES, texts, strict=True)
    ]
