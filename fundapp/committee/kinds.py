"""What of the committee two people decide: an order that appoints its members, and from which
amount on a request needs a resolution.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from flask import url_for
from flask_babel import gettext as _

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.committee.drafts import OrderDraft, SeatDraft
from fundapp.committee.operations import SOURCE_TYPE, record_order, record_rule
from fundapp.committee.queries import find_rule
from fundapp.committee.steps import check_order, check_rule
from fundapp.documents.queries import get_document
from fundapp.errors import NotFoundError
from fundapp.identity.queries import users_of
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.proposals.models import Proposal, Values
from fundapp.proposals.registry import ProposalKind, Row
from fundapp.web.filters import day

ORDER = "committee-order"
RULE = "committee-rule"


class OrderKind(ProposalKind):
    """Officers and administrators propose; administrators, who have no vote, confirm."""

    name = ORDER
    title = N_("Appointment order of the committee")
    propose: ClassVar[Permission] = Permission.HOUSE_PROPOSE
    confirm: ClassVar[Permission] = Permission.HOUSE_CONFIRM
    applies_with: ClassVar[Permission] = Permission.COMMITTEE_APPOINT

    def read(self, subject: str) -> Values:
        """Nothing: an order is a new one, by its number."""
        return {}

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """Its days, its quorum and its people fit."""
        draft = _draft(subject, after)
        check_order(draft)
        get_document(SOURCE_TYPE, draft.document)

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Record it."""
        record_order(_draft(proposal.subject, proposal.after), proposal, actor=actor)

    def subject_label(self, subject: str) -> str:
        """Its number."""
        return subject

    def rows_of(self, many: Sequence[Values]) -> list[list[Row]]:
        """Its term, its quorum and its people."""
        seats = (seat for values in many if values for seat in values["seats"])
        people = users_of(person for seat in seats for person in seat if person)
        names = {ref: user.display_name for ref, user in people.items()}
        return [self._rows(values, names) if values else [] for values in many]

    @staticmethod
    def _rows(values: Values, names: Mapping[str, str]) -> list[Row]:
        rows = [
            (_("First day"), day(date.fromisoformat(values["starts_on"]))),
            (_("Last day"), day(date.fromisoformat(values["ends_on"]))),
            (_("Quorum"), str(values["quorum"])),
        ]
        for number, (member, substitute) in enumerate(values["seats"]):
            label = _("Member %(number)s", number=number + 1) if number else _("Chair")
            name = names.get(member, member)
            if substitute:
                other = names.get(substitute, substitute)
                name = _("%(member)s; substitute: %(substitute)s", member=name, substitute=other)
            rows.append((label, name))
        return rows

    def links(self, values: Values) -> list[Row]:
        """The order itself."""
        if not values.get("document"):
            return []
        return [(_("Paper"), url_for("committee.paper", document_id=values["document"]))]


class RuleKind(ProposalKind):
    """From which amount on a request needs a resolution, from a day on: two administrators."""

    name = RULE
    title = N_("From which amount on a request needs a resolution of the committee")
    propose: ClassVar[Permission] = Permission.HOUSE_CONFIRM
    confirm: ClassVar[Permission] = Permission.HOUSE_CONFIRM
    applies_with: ClassVar[Permission] = Permission.COMMITTEE_APPOINT

    def read(self, subject: str) -> Values:
        """The amount in force on the day before the new one counts."""
        rule = find_rule(_day(subject))
        return rule_values(rule.from_satang) if rule else {}

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """It begins on a day to come, on which no other begins."""
        check_rule(_day(subject))

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Record it."""
        amount = proposal.after["from_satang"]
        record_rule(_day(proposal.subject), amount, proposal, actor=actor)

    def subject_label(self, subject: str) -> str:
        """From which day on."""
        return _("from %(day)s", day=day(_day(subject)))

    def rows(self, values: Values) -> list[Row]:
        """The amount."""
        return [(_("From (baht)"), format_baht(values["from_satang"]))] if values else []


def rule_values(from_satang: int) -> Mapping[str, Any]:
    """A rule as proposals write it; the subject is its first day."""
    return {"from_satang": from_satang}


def _day(subject: str) -> date:
    try:
        return date.fromisoformat(subject)
    except ValueError as error:
        raise NotFoundError from error


def order_values(draft: OrderDraft) -> Mapping[str, Any]:
    """An order as proposals write it."""
    return {
        "starts_on": draft.starts_on.isoformat(),
        "ends_on": draft.ends_on.isoformat(),
        "quorum": draft.quorum,
        "seats": [[seat.member, seat.substitute] for seat in draft.seats],
        "document": draft.document,
    }


def _draft(number: str, values: Values) -> OrderDraft:
    return OrderDraft(
        number=number,
        starts_on=date.fromisoformat(values["starts_on"]),
        ends_on=date.fromisoformat(values["ends_on"]),
        quorum=values["quorum"],
        seats=[SeatDraft(member, substitute) for member, substitute in values["seats"]],
        document=values["document"],
    )


KINDS = (OrderKind(), RuleKind())
