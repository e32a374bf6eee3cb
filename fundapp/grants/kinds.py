"""What of grants two people decide: that one starts."""

from collections.abc import Collection, Mapping
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.db import db
from fundapp.grants.models import GrantStatus, ReceivedGrant
from fundapp.grants.operations import start_grant
from fundapp.grants.policy import version_of
from fundapp.grants.queries import get_grant
from fundapp.grants.steps import check_start
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.proposals.models import Proposal, Values
from fundapp.proposals.registry import ProposalKind, Row
from fundapp.web.filters import label

GRANT_START = "grant-start"


class GrantStartKind(ProposalKind):
    """A grant starts: an officer proposes it, an administrator, who moves no money, confirms."""

    name = GRANT_START
    title = N_("Start of a grant")
    propose: ClassVar[Permission] = Permission.HOUSE_PROPOSE
    confirm: ClassVar[Permission] = Permission.HOUSE_CONFIRM
    applies_with: ClassVar[Permission] = Permission.GRANT_START

    def read(self, subject: str) -> Values:
        """What the draft says now, so that a draft that was changed is proposed again."""
        return values_of(get_grant(subject))

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """Nothing stands against it."""
        check_start(get_grant(subject))

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Let it run."""
        start_grant(proposal.subject, proposal, actor=actor)

    def subject_label(self, subject: str) -> str:
        """The grantor and the number of the agreement."""
        return grant_name(get_grant(subject))

    def subject_labels(self, subjects: Collection[str]) -> Mapping[str, str]:
        """The same of several grants, read at once."""
        grants = db.session.scalars(
            select(ReceivedGrant).where(ReceivedGrant.public_id.in_(subjects))
        )
        return {grant.public_id: grant_name(grant) for grant in grants}

    def rows(self, values: Values) -> list[Row]:
        """The state, the amounts, and how many parts of each kind there are."""
        return [
            (_("State"), label(GrantStatus(values["status"]))),
            (_("Total (baht)"), format_baht(values["total"])),
            (_("Period of the grant"), f"{values['starts_on']} – {values['ends_on']}"),
            (_("Budget lines (baht)"), ", ".join(map(format_baht, values["lines"]))),
            (_("Instalments (baht)"), ", ".join(map(format_baht, values["instalments"]))),
            (_("Conditions"), str(values["conditions"])),
            (_("Reports"), str(values["reports"])),
        ]

    def links(self, values: Values) -> list[Row]:
        """The page of the grant, with its agreement."""
        return [(_("The grant with its agreement"), url_for("grants.show", public_id=values["id"]))]


def grant_name(grant: ReceivedGrant) -> str:
    """What people call a grant: the grantor and the number of the agreement."""
    return f"{grant.donor.name} {grant.number}"


def values_of(grant: ReceivedGrant) -> dict[str, object]:
    """What a proposal writes of a grant: what its page shows, and a digest of everything."""
    return {
        "id": grant.public_id,
        "status": str(grant.status),
        "fund": grant.fund_code,
        "total": grant.total_satang,
        "starts_on": grant.starts_on.isoformat(),
        "ends_on": grant.ends_on.isoformat(),
        "version": version_of(grant),
        "lines": [line.amount_satang for line in grant.lines],
        "instalments": [each.amount_satang for each in grant.instalments],
        "conditions": len(grant.conditions),
        "reports": len(grant.reports),
    }


def started_values(grant: ReceivedGrant) -> dict[str, object]:
    """What will be so once the grant runs."""
    return {**values_of(grant), "status": str(GrantStatus.RUNNING)}


KINDS = (GrantStartKind(),)
