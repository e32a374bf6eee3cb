"""What of the books two people change: opening a fund, what it lets go, closing a month."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import ClassVar

from flask_babel import gettext as _

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.db import db
from fundapp.errors import NotFoundError
from fundapp.ledger.chart import FundAccounts
from fundapp.ledger.errors import FundKnownError, LetGoLimitError, PeriodNotOverError
from fundapp.ledger.models import (
    MOST_LET_GO,
    AccountUse,
    Fund,
    Period,
    PeriodStatus,
    Restriction,
)
from fundapp.ledger.operations import close_period, create_fund, set_let_go_limit
from fundapp.ledger.queries import list_funds
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.proposals.models import Proposal, Values
from fundapp.proposals.registry import ProposalKind, Row
from fundapp.web.filters import month
from fundapp.web.locale import localized

FUND_OPENING = "fund-opening"
LET_GO_LIMIT = "let-go-limit"
PERIOD_CLOSING = "period-closing"
_LANGUAGES = ("th", "en", "ms")
#: What is proposed for a month.
CLOSED = {"status": str(PeriodStatus.CLOSED)}


class _OfTheBooks(ProposalKind):
    """Officers and administrators propose; administrators, who move no money, confirm."""

    propose: ClassVar[Permission] = Permission.HOUSE_PROPOSE
    confirm: ClassVar[Permission] = Permission.HOUSE_CONFIRM
    applies_with: ClassVar[Permission] = Permission.FUND_OPEN


class FundOpeningKind(_OfTheBooks):
    """A new fund."""

    name = FUND_OPENING
    title = N_("Opening a fund")

    def read(self, subject: str) -> Values:
        """Nothing, while there is no fund of this code."""
        fund = db.session.get(Fund, subject)
        return {} if fund is None else fund_values(fund)

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """The code is free."""
        if db.session.get(Fund, subject) is not None:
            raise FundKnownError(field="code", params={"code": subject})

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Open it."""
        after = proposal.after
        create_fund(
            code=proposal.subject,
            restriction=Restriction(after["restriction"]),
            names=tuple(after["names"]),
            purposes=tuple(after["purposes"]),
            position=after["position"],
            accounts=FundAccounts(tuple(after["cash"]), tuple(after["bank"]), after["income"]),
            actor=actor,
        )

    def subject_label(self, subject: str) -> str:
        """The code."""
        return subject

    def rows(self, values: Values) -> list[Row]:
        """Names, restriction and accounts."""
        if not values:
            return []
        names = zip(_LANGUAGES, values["names"], strict=True)
        purposes = zip(_LANGUAGES, values["purposes"], strict=True)
        return [
            *((_("Name (%(language)s)", language=code), text) for code, text in names),
            *((_("Purpose (%(language)s)", language=code), text) for code, text in purposes),
            (_("Place in lists"), str(values["position"])),
            (_("Restriction"), values["restriction"]),
            (_("Cash boxes"), ", ".join(values["cash"])),
            (_("Bank accounts"), ", ".join(values["bank"])),
            (_("Income account"), values["income"] or ""),
        ]


class LetGoLimitKind(_OfTheBooks):
    """How much of a pledge to a fund may be let go."""

    name = LET_GO_LIMIT
    title = N_("How much of a pledge a fund lets go")

    def read(self, subject: str) -> Values:
        """The limit now."""
        return {"satang": _fund(subject).let_go_limit_satang}

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """The limit is in range."""
        if not 0 <= after["satang"] <= MOST_LET_GO:
            raise LetGoLimitError(params={"most": format_baht(MOST_LET_GO)})

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Set it."""
        set_let_go_limit(proposal.subject, proposal.after["satang"], actor=actor)

    def subject_label(self, subject: str) -> str:
        """The name of the fund."""
        return localized(_fund(subject))

    def subject_labels(self, subjects: Collection[str]) -> Mapping[str, str]:
        """The names of several funds, read at once."""
        return {fund.code: localized(fund) for fund in list_funds() if fund.code in subjects}

    def rows(self, values: Values) -> list[Row]:
        """The limit."""
        return [(_("At most (baht)"), format_baht(values["satang"]))]


class PeriodClosingKind(_OfTheBooks):
    """A month of the books takes no more entries."""

    name = PERIOD_CLOSING
    title = N_("Closing a month")
    applies_with: ClassVar[Permission] = Permission.PERIOD_CLOSE

    def read(self, subject: str) -> Values:
        """Whether the month is open."""
        return {"status": str(_period(subject).status)}

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """The month is over."""
        ends_on = _period(subject).ends_on
        if ends_on >= clock.today():
            raise PeriodNotOverError(field="day", params={"ends_on": ends_on.isoformat()})

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Close it."""
        close_period(date.fromisoformat(proposal.subject), actor=actor)

    def subject_label(self, subject: str) -> str:
        """The month and its year."""
        return month(date.fromisoformat(subject))

    def rows(self, values: Values) -> list[Row]:
        """Whether it takes entries."""
        is_open = values["status"] == PeriodStatus.OPEN
        return [(_("Month"), _("takes entries") if is_open else _("closed for good"))]


KINDS = (FundOpeningKind(), LetGoLimitKind(), PeriodClosingKind())


def fund_values(fund: Fund) -> Values:
    """The fund as a proposal writes it."""
    return opening_values(
        fund.restriction,
        (fund.name_th, fund.name_en, fund.name_ms),
        (fund.purpose_th, fund.purpose_en, fund.purpose_ms),
        fund.position,
        FundAccounts(
            tuple(fund.account_codes(AccountUse.CASH)),
            tuple(fund.account_codes(AccountUse.BANK)),
            fund.income_account_code,
        ),
    )


def opening_values(
    restriction: Restriction,
    names: tuple[str, str, str],
    purposes: tuple[str, str, str],
    position: int,
    accounts: FundAccounts,
) -> Values:
    """A fund that is to be opened; names and purposes in Thai, English, Malay."""
    return {
        "restriction": str(restriction),
        "names": list(names),
        "purposes": list(purposes),
        "position": position,
        "cash": list(accounts.cash),
        "bank": list(accounts.bank),
        "income": accounts.income,
    }


def _fund(code: str) -> Fund:
    fund = db.session.get(Fund, code)
    if fund is None:
        raise NotFoundError
    return fund


def _period(starts_on: str) -> Period:
    period = db.session.get(Period, date.fromisoformat(starts_on))
    if period is None:
        raise NotFoundError
    return period
