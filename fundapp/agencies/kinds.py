"""What of agencies two people decide: the register with its agreements, and who signs in."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from flask import url_for
from flask_babel import gettext as _

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.agencies.drafts import AgencyDraft
from fundapp.agencies.models import AgencyAccess, AgencyKind
from fundapp.agencies.operations import record_access, record_agency
from fundapp.agencies.queries import agency_names, find_agency
from fundapp.agencies.steps import check_access, check_agency
from fundapp.db import db
from fundapp.identity.queries import get_user, users_of
from fundapp.markers import N_
from fundapp.places.queries import list_districts
from fundapp.proposals.models import Proposal, Values
from fundapp.proposals.registry import ProposalKind, Row
from fundapp.web.filters import day, label
from fundapp.web.locale import localized

AGENCY_PROPOSAL, ACCESS_PROPOSAL = "agency", "agency-access"


class _OfAgencies(ProposalKind):
    """Officers and administrators propose; administrators confirm."""

    propose: ClassVar[Permission] = Permission.HOUSE_PROPOSE
    confirm: ClassVar[Permission] = Permission.HOUSE_CONFIRM
    applies_with: ClassVar[Permission] = Permission.AGENCY_KEEP


class RegisterKind(_OfAgencies):
    """An agency with its agreement, new or changed; by its public id."""

    name = AGENCY_PROPOSAL
    title = N_("Partner agency and its agreement")

    def read(self, subject: str) -> Values:
        """What is so now; nothing of a new one."""
        agency = find_agency(subject)
        if agency is None:
            return {}
        return agency_values(
            AgencyDraft(
                name=agency.name,
                kind=agency.kind,
                districts=agency.district_codes,
                email=agency.email,
                phone=agency.phone,
                document=agency.document.public_id,
                starts_on=agency.starts_on,
                ends_on=agency.ends_on,
            )
        )

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """Its days, districts and name fit, and there is the paper."""
        check_agency(subject, _draft(after))

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Write it."""
        record_agency(_draft(proposal.after), proposal, actor=actor)

    def subject_labels(self, subjects: Collection[str]) -> Mapping[str, str]:
        """Its name; of a new one what it is."""
        names = agency_names(subjects)
        return {subject: names.get(subject, _("New agency")) for subject in subjects}

    def rows_of(self, many: Sequence[Values]) -> list[list[Row]]:
        """What is agreed."""
        districts = list_districts() if any(many) else []
        names = {district.code: localized(district) for district in districts}
        return [self._rows(values, names) if values else [] for values in many]

    @staticmethod
    def _rows(values: Values, names: Mapping[str, str]) -> list[Row]:
        return [
            (_("Name"), values["name"]),
            (_("Kind"), label(AgencyKind(values["kind"]))),
            (_("Districts"), ", ".join(names.get(code, code) for code in values["districts"])),
            (_("E-mail"), values["email"]),
            (_("Telephone"), values["phone"]),
            (_("Agreement from"), day(date.fromisoformat(values["starts_on"]))),
            (_("Agreement until"), day(date.fromisoformat(values["ends_on"]))),
        ]

    def links(self, values: Values) -> list[Row]:
        """The signed agreement."""
        if not values.get("document"):
            return []
        return [(_("Paper"), url_for("agencies.paper", document_id=values["document"]))]


class AccessKind(_OfAgencies):
    """For which agency somebody signs in, and until when; by the person's public id."""

    name = ACCESS_PROPOSAL
    title = N_("Access for a partner agency")

    def read(self, subject: str) -> Values:
        """What is so now."""
        access = db.session.get(AgencyAccess, get_user(subject).id)
        if access is None:
            return {}
        return access_values(access.agency.public_id, access.ends_on)

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """The person has the role, and the days fit."""
        check_access(subject, after["agency"], date.fromisoformat(after["ends_on"]))

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Write it."""
        after = proposal.after
        ends_on = date.fromisoformat(after["ends_on"])
        record_access(after["agency"], ends_on, proposal, actor=actor)

    def subject_labels(self, subjects: Collection[str]) -> Mapping[str, str]:
        """The person's name."""
        return {ref: user.display_name for ref, user in users_of(subjects).items()}

    def rows_of(self, many: Sequence[Values]) -> list[list[Row]]:
        """The agency and the last day."""
        names = agency_names(values["agency"] for values in many if values)
        return [
            [
                (_("Agency"), names.get(values["agency"], str(values["agency"]))),
                (_("Last day"), day(date.fromisoformat(values["ends_on"]))),
            ]
            if values
            else []
            for values in many
        ]


def agency_values(draft: AgencyDraft) -> Mapping[str, Any]:
    """An agency as proposals write it."""
    return {
        "name": draft.name,
        "kind": draft.kind.value,
        "districts": sorted(set(draft.districts)),
        "email": draft.email,
        "phone": draft.phone,
        "document": draft.document,
        "starts_on": draft.starts_on.isoformat(),
        "ends_on": draft.ends_on.isoformat(),
    }


def access_values(agency: str, ends_on: date) -> Mapping[str, Any]:
    """An access as proposals write it."""
    return {"agency": agency, "ends_on": ends_on.isoformat()}


def _draft(values: Values) -> AgencyDraft:
    return AgencyDraft(
        name=values["name"],
        kind=AgencyKind(values["kind"]),
        districts=values["districts"],
        email=values["email"],
        phone=values["phone"],
        document=values["document"],
        starts_on=date.fromisoformat(values["starts_on"]),
        ends_on=date.fromisoformat(values["ends_on"]),
    )


KINDS = (RegisterKind(), AccessKind())
