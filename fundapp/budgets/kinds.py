"""What of budgets two people decide: amounts of a year, rules of transfers, and each transfer."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

from flask import url_for
from flask_babel import gettext as _

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.budgets.drafts import BudgetDraft, TransferDraft
from fundapp.budgets.models import TransferReason
from fundapp.budgets.operations import (
    SOURCE_TYPE,
    record_fund_transfer,
    set_budget,
    set_transfer_rule,
)
from fundapp.budgets.queries import get_budget, get_transfer_rule
from fundapp.budgets.steps import check_budget, check_transfer, check_transfer_rule
from fundapp.documents.queries import get_document
from fundapp.errors import NotFoundError
from fundapp.ledger.kinds import account_labels, fund_names
from fundapp.ledger.kinds.values import OfAFund
from fundapp.ledger.queries import get_fund
from fundapp.ledger.steps import require_not_closed
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.proposals.models import Proposal, Values
from fundapp.proposals.registry import ProposalKind, Row
from fundapp.web.filters import label

BUDGET = "budget"
TRANSFER_RULE = "fund-transfer-rule"
FUND_TRANSFER = "fund-transfer"


def budget_subject(fund_code: str, fiscal_year: int) -> str:
    """What a proposal calls the budget of a fund in a year."""
    return f"{fund_code}:{fiscal_year}"


def transfer_subject(from_fund: str, to_fund: str) -> str:
    """What a proposal calls a transfer."""
    return f"{from_fund}>{to_fund}"


def read_budget_subject(subject: str) -> tuple[str, int]:
    """The fund and the year of a budget. Raises NotFoundError."""
    code, _colon, year = subject.partition(":")
    if not (year.isascii() and year.isdigit() and len(year) == len("2570")):
        raise NotFoundError
    return code, int(year)


class _OfBudgets(ProposalKind):
    """Officers and administrators propose; administrators, who move no money, confirm."""

    propose: ClassVar[Permission] = Permission.HOUSE_PROPOSE
    confirm: ClassVar[Permission] = Permission.HOUSE_CONFIRM


class BudgetKind(_OfBudgets):
    """What a fund may spend in a fiscal year."""

    name = BUDGET
    title = N_("Budget of a fund")
    applies_with: ClassVar[Permission] = Permission.BUDGET_SET

    def read(self, subject: str) -> Values:
        """The amounts now, by account."""
        code, year = read_budget_subject(subject)
        get_fund(code)
        return get_budget(code, year)

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """The fund is not closed, the year is near, the amounts are of expenses."""
        check_budget(_budget(subject, after))

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Set it."""
        set_budget(_budget(proposal.subject, proposal.after), proposal, actor=actor)

    def subject_labels(self, subjects: Collection[str]) -> Mapping[str, str]:
        """The fund and the year."""
        names = fund_names()
        parts = {subject: read_budget_subject(subject) for subject in subjects}
        return {
            subject: _("%(fund)s, fiscal year %(year)s", fund=names[code], year=year)
            for subject, (code, year) in parts.items()
            if code in names
        }

    def rows_of(self, many: Sequence[Values]) -> list[list[Row]]:
        """Each amount, and the sum."""
        names = account_labels()
        return [
            [
                *((names.get(code, code), format_baht(values[code])) for code in sorted(values)),
                (_("In all (baht)"), format_baht(sum(values.values()))),
            ]
            for values in many
        ]


class TransferRuleKind(OfAFund):
    """Whether a fund gives money to other funds and takes some."""

    name = TRANSFER_RULE
    title = N_("Whether a fund gives and takes money of other funds")
    applies_with: ClassVar[Permission] = Permission.BUDGET_SET

    def read(self, subject: str) -> Values:
        """The rule now."""
        rule = get_transfer_rule(get_fund(subject).code)
        return rule_values(gives=rule.gives, takes=rule.takes)

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """The fund is not closed, and its restriction allows it."""
        fund = require_not_closed(subject)
        check_transfer_rule(fund, gives=after["gives"], takes=after["takes"])

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Set it."""
        after = proposal.after
        set_transfer_rule(
            proposal.subject, proposal, gives=after["gives"], takes=after["takes"], actor=actor
        )

    def rows(self, values: Values) -> list[Row]:
        """Yes or no to each."""
        words = {True: _("yes"), False: _("no")}
        return [
            (_("Gives money to other funds"), words[values["gives"]]),
            (_("Takes money of other funds"), words[values["takes"]]),
        ]


class FundTransferKind(_OfBudgets):
    """Money moved from one fund to another."""

    name = FUND_TRANSFER
    title = N_("Transfer between funds")
    applies_with: ClassVar[Permission] = Permission.FUND_TRANSFER

    def read(self, subject: str) -> Values:
        """Nothing: each transfer is a new one."""
        for code in _funds_of(subject):
            get_fund(code)
        return {}

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """Both funds' rules allow it, the money is there, and so is the paper."""
        draft = _transfer(subject, after)
        check_transfer(draft)
        get_document(SOURCE_TYPE, draft.document)

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Move it."""
        draft = _transfer(proposal.subject, proposal.after)
        record_fund_transfer(draft, proposal, maker=proposal.proposer.public_id, actor=actor)

    def subject_labels(self, subjects: Collection[str]) -> Mapping[str, str]:
        """From this fund to that."""
        names = fund_names()
        parts = {subject: _funds_of(subject) for subject in subjects}
        return {
            subject: _("%(giver)s to %(taker)s", giver=names[giver], taker=names[taker])
            for subject, (giver, taker) in parts.items()
            if giver in names and taker in names
        }

    def rows_of(self, many: Sequence[Values]) -> list[list[Row]]:
        """How much, where, and why."""
        names = account_labels() if any(many) else {}
        return [
            [
                (_("Amount (baht)"), format_baht(values["amount"])),
                (_("Account"), names.get(values["account"], str(values["account"]))),
                (_("Reason"), label(TransferReason(values["reason"]))),
            ]
            if values
            else []
            for values in many
        ]

    def links(self, values: Values) -> list[Row]:
        """The paper that says why."""
        if not values:
            return []
        return [(_("Paper"), url_for("budgets.paper", document_id=values["document"]))]


def rule_values(*, gives: bool, takes: bool) -> Values:
    """A rule as proposals write it."""
    return {"gives": gives, "takes": takes}


def transfer_values(draft: TransferDraft) -> Mapping[str, Any]:
    """A transfer as proposals write it."""
    return {
        "amount": draft.satang,
        "account": draft.account_code,
        "reason": str(draft.reason),
        "document": draft.document,
    }


def _budget(subject: str, values: Values) -> BudgetDraft:
    return BudgetDraft(*read_budget_subject(subject), values)


def _funds_of(subject: str) -> tuple[str, str]:
    giver, _sign, taker = subject.partition(">")
    return giver, taker


def _transfer(subject: str, values: Values) -> TransferDraft:
    return TransferDraft(
        *_funds_of(subject),
        account_code=values["account"],
        satang=values["amount"],
        reason=TransferReason(values["reason"]),
        document=values["document"],
    )


KINDS = (BudgetKind(), TransferRuleKind(), FundTransferKind())
