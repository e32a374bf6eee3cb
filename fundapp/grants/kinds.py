"""What of grants two people decide: that one starts, and what an amendment changes of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.db import db
from fundapp.documents.queries import get_document
from fundapp.grants.drafts import AmendmentDraft, GrantLineDraft
from fundapp.grants.models import GrantStatus, LineRule, ReceivedGrant
from fundapp.grants.operations import amend_grant, start_grant
from fundapp.grants.policy import version_of
from fundapp.grants.queries import get_grant
from fundapp.grants.steps import SUBJECT_TYPE, check_amendment, check_start
from fundapp.ledger.kinds import account_labels
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.proposals.models import Proposal, Values
from fundapp.proposals.registry import ProposalKind, Row
from fundapp.web.filters import day, label

GRANT_START = "grant-start"
GRANT_AMENDMENT = "grant-amendment"


class _OfGrants(ProposalKind):
    """An officer proposes, an administrator, who moves no money, confirms."""

    propose: ClassVar[Permission] = Permission.HOUSE_PROPOSE
    confirm: ClassVar[Permission] = Permission.HOUSE_CONFIRM

    def subject_labels(self, subjects: Collection[str]) -> Mapping[str, str]:
        """The grantor and the number of the agreement."""
        grants = db.session.scalars(
            select(ReceivedGrant).where(ReceivedGrant.public_id.in_(subjects))
        )
        return {grant.public_id: grant_name(grant) for grant in grants}


class GrantStartKind(_OfGrants):
    """A grant starts."""

    name = GRANT_START
    title = N_("Start of a grant")
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


class AmendmentKind(_OfGrants):
    """The last day and the budget lines of a running grant, as grantor and fund signed them."""

    name = GRANT_AMENDMENT
    title = N_("Amendment of a grant")
    applies_with: ClassVar[Permission] = Permission.GRANT_AMEND

    def read(self, subject: str) -> Values:
        """What the grant says now."""
        grant = get_grant(subject)
        lines = [
            GrantLineDraft(each.account_code, each.fiscal_year, each.amount_satang, each.rule)
            for each in grant.lines
        ]
        return _terms(grant.ends_on, lines)

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """The grant runs, the total stays, and nothing that was charged loses its line."""
        draft = _amendment(after)
        check_amendment(get_grant(subject), draft)
        get_document(SUBJECT_TYPE, draft.document)

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Amend it."""
        amend_grant(proposal.subject, _amendment(proposal.after), proposal, actor=actor)

    def rows_of(self, many: Sequence[Values]) -> list[list[Row]]:
        """The last day, and each line."""
        names = account_labels()
        return [self._rows(values, names) for values in many]

    @staticmethod
    def _rows(values: Values, names: Mapping[str, str]) -> list[Row]:
        rows = [(_("Last day"), day(date.fromisoformat(values["ends_on"])))]
        for account, year, satang, _line_rule in values["lines"]:
            name = _(
                "%(account)s, fiscal year %(year)s", account=names.get(account, account), year=year
            )
            rows.append((name, format_baht(satang)))
        if "signed_on" in values:
            signed_on = day(date.fromisoformat(values["signed_on"]))
            rows.append((_("Amendment signed on"), signed_on))
        return rows

    def links(self, values: Values) -> list[Row]:
        """The amendment as it was signed."""
        if "document" not in values:
            return []
        return [(_("Signed amendment"), url_for("grants.paper", document_id=values["document"]))]


def amendment_values(draft: AmendmentDraft) -> Values:
    """An amendment as proposals write it."""
    return {
        **_terms(draft.ends_on, draft.lines),
        "signed_on": draft.signed_on.isoformat(),
        "document": draft.document,
    }


def _terms(ends_on: date, lines: Sequence[GrantLineDraft]) -> dict[str, Any]:
    ordered = sorted(lines, key=lambda line: (line.fiscal_year, line.account_code))
    return {
        "ends_on": ends_on.isoformat(),
        "lines": [
            [line.account_code, line.fiscal_year, line.satang, str(line.rule)] for line in ordered
        ],
    }


def _amendment(values: Values) -> AmendmentDraft:
    return AmendmentDraft(
        signed_on=date.fromisoformat(values["signed_on"]),
        ends_on=date.fromisoformat(values["ends_on"]),
        lines=[
            GrantLineDraft(account, year, satang, LineRule(rule))
            for account, year, satang, rule in values["lines"]
        ],
        document=values["document"],
    )


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


KINDS = (GrantStartKind(), AmendmentKind())
