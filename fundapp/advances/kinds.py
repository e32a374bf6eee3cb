"""What of advances two people decide: that one is given, and how it is cleared."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from flask import url_for
from flask_babel import gettext as _

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.advances.drafts import AdvanceDraft, ClearingDraft
from fundapp.advances.models import AdvanceKind, AdvancePurpose
from fundapp.advances.operations import SOURCE_TYPE, clear_advance, give_advance
from fundapp.advances.queries import advances_of, get_advance
from fundapp.advances.steps import check_advance, check_clearing
from fundapp.documents.queries import get_document
from fundapp.identity.queries import get_user, users_of
from fundapp.ledger.kinds import account_labels, fund_names
from fundapp.ledger.queries import get_fund
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.proposals.models import Proposal, Values
from fundapp.proposals.registry import ProposalKind, Row
from fundapp.web.filters import day, label

ADVANCE = "advance"
CLEARING = "advance-clearing"


def advance_subject(fund_code: str, holder: str) -> str:
    """What a proposal calls an advance: of this fund, for this person (a public id)."""
    return f"{fund_code}>{holder}"


class _OfAdvances(ProposalKind):
    """Officers and administrators propose; administrators, who move no money, confirm."""

    propose: ClassVar[Permission] = Permission.HOUSE_PROPOSE
    confirm: ClassVar[Permission] = Permission.HOUSE_CONFIRM
    applies_with: ClassVar[Permission] = Permission.ADVANCE_BOOK


class GivingKind(_OfAdvances):
    """Cash that somebody is given."""

    name = ADVANCE
    title = N_("Petty cash or advance")

    def read(self, subject: str) -> Values:
        """Nothing: each advance is a new one."""
        fund, holder = _parts(subject)
        get_fund(fund)
        get_user(holder)
        return {}

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """The fund gives advances, the money is there, and the person has cleared what was due."""
        check_advance(_advance(subject, after))

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Give it."""
        draft = _advance(proposal.subject, proposal.after)
        give_advance(draft, proposal, maker=proposal.proposer.public_id, actor=actor)

    def subject_labels(self, subjects: Collection[str]) -> Mapping[str, str]:
        """Who gets it, of which fund."""
        parts = {subject: _parts(subject) for subject in subjects}
        funds, people = fund_names(), users_of(holder for _fund, holder in parts.values())
        return {
            subject: _("%(person)s, %(fund)s", person=people[holder].display_name, fund=funds[fund])
            for subject, (fund, holder) in parts.items()
            if fund in funds and holder in people
        }

    def rows_of(self, many: Sequence[Values]) -> list[list[Row]]:
        """All that the form asks."""
        names = account_labels() if any(many) else {}
        return [self._rows(values, names) if values else [] for values in many]

    @staticmethod
    def _rows(values: Values, names: Mapping[str, str]) -> list[Row]:
        account = str(values["account"])
        return [
            (_("Amount (baht)"), format_baht(values["amount"])),
            (_("Kind"), label(AdvanceKind(values["kind"]))),
            (_("Spent on"), label(AdvancePurpose(values["purpose"]))),
            (_("Cash box"), names.get(account, account)),
            (_("Clearing date"), day(date.fromisoformat(values["due_on"]))),
        ]


class ClearingKind(_OfAdvances):
    """What became of an advance."""

    name = CLEARING
    title = N_("Clearing of an advance")

    def read(self, subject: str) -> Values:
        """Nothing, until it is cleared."""
        clearing = get_advance(subject).clearing
        return {} if clearing is None else {"spent": clearing.spent_satang}

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """No more is spent than was given, and papers show it."""
        draft = _clearing(subject, after)
        check_clearing(draft)
        if draft.document:
            get_document(SOURCE_TYPE, draft.document)

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Clear it."""
        draft = _clearing(proposal.subject, proposal.after)
        clear_advance(draft, proposal, maker=proposal.proposer.public_id, actor=actor)

    def subject_labels(self, subjects: Collection[str]) -> Mapping[str, str]:
        """Who holds it, and how much it is."""
        return {
            subject: _(
                "%(person)s, %(amount)s baht",
                person=advance.holder.display_name,
                amount=format_baht(advance.amount_satang),
            )
            for subject, advance in advances_of(subjects).items()
        }

    def rows(self, values: Values) -> list[Row]:
        """What was spent."""
        return [(_("Spent (baht)"), format_baht(values["spent"]))] if values else []

    def links(self, values: Values) -> list[Row]:
        """The papers of what was spent."""
        if not values.get("document"):
            return []
        return [(_("Paper"), url_for("advances.paper", document_id=values["document"]))]


def advance_values(draft: AdvanceDraft) -> Mapping[str, Any]:
    """An advance as proposals write it."""
    return {
        "amount": draft.satang,
        "account": draft.account_code,
        "kind": str(draft.kind),
        "purpose": str(draft.purpose),
        "due_on": draft.due_on.isoformat(),
    }


def clearing_values(draft: ClearingDraft) -> Mapping[str, Any]:
    """A clearing as proposals write it."""
    return {"spent": draft.spent_satang, "document": draft.document}


def _parts(subject: str) -> tuple[str, str]:
    fund, _sign, holder = subject.partition(">")
    return fund, holder


def _advance(subject: str, values: Values) -> AdvanceDraft:
    fund, holder = _parts(subject)
    return AdvanceDraft(
        fund_code=fund,
        holder=holder,
        account_code=values["account"],
        satang=values["amount"],
        kind=AdvanceKind(values["kind"]),
        purpose=AdvancePurpose(values["purpose"]),
        due_on=date.fromisoformat(values["due_on"]),
    )


def _clearing(subject: str, values: Values) -> ClearingDraft:
    return ClearingDraft(subject, values["spent"], values["document"])


KINDS = (GivingKind(), ClearingKind())
