"""Opening a fund, and changing what it is called, its accounts, its tax wording and what it lets
go.
"""

from collections.abc import Sequence
from dataclasses import fields

from flask_babel import gettext as _

from fundapp.access.actors import Actor
from fundapp.db import db
from fundapp.ledger.chart import FundAccounts
from fundapp.ledger.drafts import FundSettings
from fundapp.ledger.errors import FundCodeError, FundKnownError
from fundapp.ledger.kinds.values import (
    OfAFund,
    OfTheBooks,
    account_labels,
    accounts_rows,
    accounts_values,
    opening_values,
    read_accounts,
    read_settings,
    read_texts,
    settings_of,
    settings_rows,
    settings_values,
    texts_rows,
    wording_rows,
    wording_values,
)
from fundapp.ledger.models import Fund, Restriction
from fundapp.ledger.operations import (
    change_fund,
    change_fund_accounts,
    create_fund,
    set_let_go_limit,
    set_tax_wording,
)
from fundapp.ledger.queries import get_fund, get_tax_texts, is_gift_deductible
from fundapp.ledger.steps import (
    FUND_CODE,
    check_accounts,
    check_let_go_limit,
    check_settings,
    check_tax_wording,
    require_empty,
    require_not_closed,
)
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.proposals.models import Proposal, Values
from fundapp.proposals.registry import Row
from fundapp.web.filters import label

FUND_OPENING = "fund-opening"
FUND_SETTINGS = "fund-settings"
FUND_ACCOUNTS = "fund-accounts"
TAX_WORDING = "tax-wording"
LET_GO_LIMIT = "let-go-limit"


class FundOpeningKind(OfTheBooks):
    """A new fund."""

    name = FUND_OPENING
    title = N_("Opening a fund")

    def read(self, subject: str) -> Values:
        """Nothing, while there is no fund of this code."""
        fund = db.session.get(Fund, subject)
        if fund is None:
            return {}
        texts = get_tax_texts(fund)
        return opening_values(fund.restriction, settings_of(fund), FundAccounts.of(fund), texts)

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """The code is free, and everything is as a fund has it."""
        if FUND_CODE.fullmatch(subject) is None:
            raise FundCodeError(field="code")
        if db.session.get(Fund, subject) is not None:
            raise FundKnownError(field="code", params={"code": subject})
        check_settings(_settings_in(after))
        check_accounts(read_accounts(after), Restriction(after["restriction"]))
        check_tax_wording(read_texts(after))

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Open it."""
        after = proposal.after
        create_fund(
            code=proposal.subject,
            restriction=Restriction(after["restriction"]),
            settings=_settings_in(after),
            accounts=read_accounts(after),
            tax_wording=read_texts(after),
            actor=actor,
        )

    def subject_label(self, subject: str) -> str:
        """The code."""
        return subject

    def rows_of(self, many: Sequence[Values]) -> list[list[Row]]:
        """All that the form asks."""
        names = account_labels() if any(many) else {}
        return [
            [
                (_("Restriction"), label(Restriction(values["restriction"]))),
                *settings_rows(values),
                *accounts_rows(values, names),
                *texts_rows(values),
            ]
            if values
            else []
            for values in many
        ]


class FundSettingsKind(OfAFund):
    """What a fund is called and how it stands where one gives."""

    name = FUND_SETTINGS
    title = N_("Settings of a fund")

    def read(self, subject: str) -> Values:
        """The settings now."""
        return settings_values(settings_of(get_fund(subject)))

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """The fund is not closed; nothing is missing or out of range."""
        require_not_closed(subject)
        check_settings(read_settings(after))

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Change them."""
        change_fund(proposal.subject, read_settings(proposal.after), actor=actor)

    def rows(self, values: Values) -> list[Row]:
        """Every setting."""
        return settings_rows(values)


class FundAccountsKind(OfAFund):
    """Where the money of a fund may lie."""

    name = FUND_ACCOUNTS
    title = N_("Accounts of a fund")

    def read(self, subject: str) -> Values:
        """The accounts now."""
        return accounts_values(FundAccounts.of(get_fund(subject)))

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """The fund is not closed; they are accounts of the chart, and none that is left out holds
        money of it.
        """
        fund, wanted = require_not_closed(subject), read_accounts(after)
        check_accounts(wanted, fund.restriction)
        codes = set(fund.own_account_codes)
        require_empty(fund, codes - {*wanted.cash, *wanted.bank})

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Change them."""
        change_fund_accounts(proposal.subject, read_accounts(proposal.after), actor=actor)

    def rows_of(self, many: Sequence[Values]) -> list[list[Row]]:
        """Cash boxes, bank accounts and the income account."""
        names = account_labels()
        return [accounts_rows(values, names) for values in many]


class TaxWordingKind(OfAFund):
    """What receipts of a fund say about tax."""

    name = TAX_WORDING
    title = N_("Tax wording on receipts of a fund")

    def read(self, subject: str) -> Values:
        """The sentence now."""
        fund = get_fund(subject)
        return wording_values(get_tax_texts(fund), is_deductible=is_gift_deductible(fund))

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """The fund is not closed; it is written in all languages."""
        require_not_closed(subject)
        check_tax_wording(read_texts(after))

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Let receipts say it from now on."""
        after = proposal.after
        set_tax_wording(
            proposal.subject,
            read_texts(after),
            is_deductible=after["is_deductible"],
            actor=actor,
        )

    def rows(self, values: Values) -> list[Row]:
        """The sentence in each language, and whether gifts are deductible."""
        return wording_rows(values)


class LetGoLimitKind(OfAFund):
    """How much of a pledge to a fund may be let go."""

    name = LET_GO_LIMIT
    title = N_("How much of a pledge a fund lets go")

    def read(self, subject: str) -> Values:
        """The limit now."""
        return {"satang": get_fund(subject).let_go_limit_satang}

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """The fund is not closed; the limit is in range."""
        require_not_closed(subject)
        check_let_go_limit(after["satang"])

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Set it."""
        set_let_go_limit(proposal.subject, proposal.after["satang"], actor=actor)

    def rows(self, values: Values) -> list[Row]:
        """The limit."""
        return [(_("At most (baht)"), format_baht(values["satang"]))]


def _settings_in(values: Values) -> FundSettings:
    """The settings among the values of a fund that is to be opened."""
    names = (each.name for each in fields(FundSettings))
    return read_settings({name: values[name] for name in names})
