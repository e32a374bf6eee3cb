"""What of identity two people change: roles and districts, written exceptions, enabling."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import ClassVar

from flask_babel import gettext as _

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.access.combinations import Combination, combination
from fundapp.access.permissions import Permission, Role
from fundapp.identity.errors import (
    ExceptionDayError,
    NoExceptionalPairError,
    OwnExceptionError,
    OwnRoleError,
)
from fundapp.identity.models import ExceptionReason, UserStatus
from fundapp.identity.operations.roles import give_roles, make_exception
from fundapp.identity.operations.users import enable_user
from fundapp.identity.queries import get_user, names_of, users_of
from fundapp.identity.role_rows import (
    ENDING_ROLE,
    ROLES,
    check_roles,
    check_until,
    require_districts,
    roles_as_values,
    roles_of_values,
    until_of_values,
)
from fundapp.markers import N_
from fundapp.places.queries import list_districts
from fundapp.proposals.models import Proposal, Values
from fundapp.proposals.registry import ProposalKind, Row
from fundapp.web.filters import day, label
from fundapp.web.locale import localized

EXCEPTION = "role-exception"
ENABLING = "enabling"
#: What is proposed for somebody who is disabled.
ENABLED = {"status": str(UserStatus.ACTIVE)}
#: An exception is looked at again after a year at the latest.
LONGEST_EXCEPTION = timedelta(days=366)


class _OfPeople(ProposalKind):
    """Administrators propose, other administrators confirm; nobody about oneself."""

    propose: ClassVar[Permission] = Permission.USER_MANAGE
    confirm: ClassVar[Permission] = Permission.USER_MANAGE
    applies_with: ClassVar[Permission] = Permission.ROLE_GIVE

    def subject_labels(self, subjects: Collection[str]) -> Mapping[str, str]:
        """The person's name and address, by which whoever confirms knows that it is the person."""
        return {
            user.public_id: user.email
            if user.name == user.email
            else f"{user.display_name} ({user.email})"
            for user in users_of(subjects).values()
        }

    def trail_labels(self, subjects: Collection[str]) -> Mapping[str, str]:
        """The name alone: the trail tells no addresses."""
        return names_of(subjects)


class RolesKind(_OfPeople):
    """Other roles and districts of a person."""

    name = ROLES
    title = N_("Roles and districts of a person")

    def read(self, subject: str) -> Values:
        """The roles held now, each with its districts, and the last day of an auditor."""
        user = get_user(subject)
        return roles_as_values(user.role_map(), user.last_days().get(ENDING_ROLE))

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """The roles may be held together, and are not those of ``actor``."""
        if subject == actor.ref:
            raise OwnRoleError(field="roles")
        wanted = check_roles(roles_of_values(after), get_user(subject).allowances())
        check_until(wanted, until_of_values(after))
        if actor.user_id is not None:
            require_districts(wanted)

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Give exactly these roles."""
        give_roles(
            proposal.subject,
            roles=roles_of_values(proposal.after),
            until=until_of_values(proposal.after),
            proposal_id=proposal.id,
            actor=actor,
        )

    def rows_of(self, many: Sequence[Values]) -> list[list[Row]]:
        """A row for each role, with its districts."""
        names = {district.code: localized(district) for district in list_districts()}
        return [
            [
                (label(role), ", ".join(names.get(code, code) for code in sorted(codes)) or "✓")
                for role, codes in roles_of_values(values).items()
            ]
            + [
                (_("Last day of the auditor"), day(until))
                for until in [until_of_values(values)]
                if until
            ]
            or [(_("Roles"), "–")]
            for values in many
        ]


class ExceptionKind(_OfPeople):
    """A written exception: two roles in one person until a day."""

    name = EXCEPTION
    title = N_("Written exception for two roles")

    def read(self, subject: str) -> Values:
        """The exceptions of the person that count today."""
        today = clock.today()
        return {
            "exceptions": [
                [str(each.role), str(each.beside), each.ends_on.isoformat()]
                for each in get_user(subject).allowances()
                if today <= each.ends_on
            ]
        }

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """The pair may be held by exception, for a year at most, and not by ``actor``."""
        if subject == actor.ref:
            raise OwnExceptionError
        role, beside, ends_on = Role(after["role"]), Role(after["beside"]), _day(after)
        if role is beside or combination(role, beside) is not Combination.BY_EXCEPTION:
            raise NoExceptionalPairError(field="role", params={"one": role, "other": beside})
        if not clock.today() < ends_on <= clock.today() + LONGEST_EXCEPTION:
            raise ExceptionDayError(field="ends_on")

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Write the exception."""
        after = proposal.after
        make_exception(
            proposal,
            role=Role(after["role"]),
            beside=Role(after["beside"]),
            reason=ExceptionReason(after["reason"]),
            ends_on=_day(after),
            actor=actor,
        )

    def rows(self, values: Values) -> list[Row]:
        """The pair, why, and until when; before it, the exceptions that counted."""
        if "role" not in values:
            return [
                (f"{label(Role(role))} + {label(Role(beside))}", day(date.fromisoformat(ends_on)))
                for role, beside, ends_on in values["exceptions"]
            ]
        return [
            (_("Role"), label(Role(values["role"]))),
            (_("Beside"), label(Role(values["beside"]))),
            (_("Why"), label(ExceptionReason(values["reason"]))),
            (_("Last day"), day(_day(values))),
        ]


class EnablingKind(_OfPeople):
    """A disabled person may sign in again."""

    name = ENABLING
    title = N_("Letting a disabled person sign in again")

    def read(self, subject: str) -> Values:
        """Whether the person may sign in."""
        return {"status": str(get_user(subject).status)}

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """Nothing more is asked: nobody who is disabled proposes or confirms."""

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Let the person sign in."""
        enable_user(proposal.subject, actor=actor)

    def rows(self, values: Values) -> list[Row]:
        """The state."""
        return [(_("State"), label(UserStatus(values["status"])))]


KINDS = (RolesKind(), ExceptionKind(), EnablingKind())


def _day(values: Values) -> date:
    return date.fromisoformat(values["ends_on"])
