"""What the trail calls people, and pages that refused somebody."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from fundapp.access.actors import Actor
from fundapp.access.permissions import Role
from fundapp.errors import DomainError, message_of
from fundapp.identity.models import Delivery, InvitationPurpose, User
from fundapp.identity.queries import find_people
from fundapp.identity.role_rows import authority_of
from fundapp.markers import N_
from fundapp.places.queries import list_districts
from fundapp.trail.models import AuditEvent
from fundapp.trail.queries import rows_by
from fundapp.trail.registry import Change, Thing, ThingKind
from fundapp.web.filters import day, label
from fundapp.web.locale import localized

_WITH_ROLES = frozenset({"identity:user:create", "identity:user:change-roles"})
_EXCEPTION = re.compile(r"(\w+) beside (\w+)(?: until (\d{4}-\d\d-\d\d))?")
_FACTOR = re.compile(r"(wrong|too old) (\S+)")


class UserThing(ThingKind):
    """A person, by name."""

    name = "user"
    label = N_("User")
    endpoint = "identity.user"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their names, or e-mail addresses where they have none yet."""
        rows = rows_by(select(User.public_id, User.name, User.email), User.public_id, refs)
        unknown = {"unknown": Thing(_("Nobody whom the fund knows"))} if "unknown" in refs else {}
        return unknown | {
            public_id: Thing(name or email, public_id) for public_id, name, email in rows
        }

    def search(self, text: str) -> Collection[str]:
        """By name, e-mail address or public id."""
        return find_people(text)

    def notes(self, events: Sequence[AuditEvent]) -> Mapping[int, str]:
        """Roles and districts by their names, how somebody was invited, why a sign-in failed."""
        write = _roles_writer(events)
        return {
            event.id: write(event.note) if event.action in _WITH_ROLES else _note(event.note)
            for event in events
            # The roles that somebody has now stand in what was changed.
            if event.note and not event.changes
        }

    def changes(self, events: Sequence[AuditEvent]) -> Mapping[int, list[Change]]:
        """Roles before and after."""
        changed = [event for event in events if event.changes]
        write = _roles_writer(changed)
        return {
            event.id: [
                (_("Roles"), write(before), write(after))
                for before, after in event.changes.values()
            ]
            for event in changed
        }


class PageThing(ThingKind):
    """A page, by its address with dots for what changes."""

    name = "page"
    label = N_("Page")

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Addresses."""
        return {ref: Thing(address) for ref in refs if (address := _address(ref))}

    def note(self, event: AuditEvent) -> str:
        """What the person was told."""
        message = message_of(event.note) or DomainError.message
        # A message with values in it says nothing without them.
        return _(DomainError.message) if "%(" in message else _(message)


THINGS = (UserThing(), PageThing())


def _roles_writer(events: Sequence[AuditEvent]) -> Callable[[str], str]:
    """Writes what `authority_text` wrote as people read it; districts are read once."""
    names = {place.code: localized(place) for place in list_districts()} if events else {}

    def write(text: str) -> str:
        try:
            roles = authority_of(text)
        except ValueError:
            return text
        return "; ".join(_role_text(role, codes, names) for role, codes in roles.items())

    return write


def _role_text(role: Role, codes: Collection[str], names: Mapping[str, str]) -> str:
    places = ", ".join(names.get(code, code) for code in sorted(codes))
    return f"{label(role)}: {places}" if places else label(role)


def _note(note: str) -> str:
    if note in set(Delivery):
        return label(Delivery(note))
    if note in set(InvitationPurpose):
        return label(InvitationPurpose(note))
    if found := _EXCEPTION.fullmatch(note):
        return _exception_text(*found.groups())
    if found := _FACTOR.fullmatch(note):
        page = _address(found[2]) or found[2]
        wrong, too_old = _("Wrong, on %(page)s", page=page), _("Too old, on %(page)s", page=page)
        return wrong if found[1] == "wrong" else too_old
    return _("The account is disabled.") if note == "disabled" else note


def _exception_text(role: str, beside: str, ends_on: str | None) -> str:
    pair = f"{label(Role(role))} + {label(Role(beside))}"
    if ends_on is None:
        return pair
    return _("%(roles)s until %(day)s", roles=pair, day=day(date.fromisoformat(ends_on)))


def _address(endpoint: str) -> str:
    """``/users/…/roles``; the empty text for a page that there is no longer."""
    rules = [rule for rule in current_app.url_map.iter_rules() if rule.endpoint == endpoint]
    return re.sub(r"<[^>]*>", "…", rules[0].rule) if rules else ""
