"""The workspace's navigation: the doors that the signed-in person may open, and that exist."""

from dataclasses import dataclass

from flask import Flask, current_app, request
from flask_login import current_user

from fundapp.access.marks import PUBLIC, access_of
from fundapp.access.permissions import Permission, Role
from fundapp.web.lazy import lazy as _l


@dataclass(frozen=True, slots=True)
class Door:
    """A place of the workspace, known by its address."""

    path: str
    label: str
    group: str = ""
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class NavItem:
    """A door as the layout draws it."""

    endpoint: str
    label: str
    url: str
    group: str
    active: bool


_MONEY = _l("Money")
_HELP = _l("Help")
_BOOKS = _l("Books")
_OFFICE = _l("Office")

DOORS: tuple[Door, ...] = (
    Door("/today", _l("Today")),
    Door("/my-giving", _l("My giving"), role=Role.DONOR),
    Door("/donors", _l("Donors"), _MONEY),
    Door("/payments", _l("Payments"), _MONEY),
    Door("/bank/statements", _l("Bank statements"), _MONEY),
    Door("/bank/lines", _l("Lines to match"), _MONEY),
    Door("/bank/reconciliation", _l("Bank proof"), _MONEY),
    Door("/children", _l("Children"), _HELP),
    Door("/disbursements", _l("Requests for help"), _HELP),
    Door("/audit/journal", _l("Journal"), _BOOKS),
    Door("/audit/trial-balance", _l("Trial balance"), _BOOKS),
    Door("/audit/funds", _l("Fund balances"), _BOOKS),
    Door("/outbox", _l("Mail"), _OFFICE),
    Door("/users", _l("Users"), _OFFICE),
    Door("/sessions", _l("My account"), _OFFICE),
)


def staff_nav() -> list[NavItem]:
    """The doors open to the visitor, in the order of the workspace; none without a sign-in."""
    if not current_user.is_authenticated:
        return []
    endpoints = _endpoints()
    here = _active_path()
    return [
        NavItem(
            endpoint=endpoints[door.path],
            label=str(door.label),
            url=door.path,
            group=str(door.group),
            active=door.path == here,
        )
        for door in DOORS
        if opens(door)
    ]


def opens(door: Door) -> bool:
    """Whether the door exists and the signed-in person gets through, and is meant to."""
    endpoint = _endpoints().get(door.path)
    meant = door.role is None or door.role in current_user.role_set()
    return endpoint is not None and meant and _is_open(endpoint)


def init_app(app: Flask) -> None:
    """Let the layouts ask for the navigation."""
    app.jinja_env.globals.update(staff_nav=staff_nav)


def _endpoints() -> dict[str, str]:
    """Endpoint by address, of the addresses without parameters that answer to GET; found once."""
    found: dict[str, str] | None = current_app.extensions.get("identity_nav")
    if found is None:
        found = {
            rule.rule: rule.endpoint
            for rule in current_app.url_map.iter_rules()
            if "GET" in (rule.methods or ()) and not rule.arguments
        }
        current_app.extensions["identity_nav"] = found
    return found


def _active_path() -> str:
    """The longest address of the navigation that the request lies at or under."""
    path = request.path
    under = [door.path for door in DOORS if path == door.path or path.startswith(f"{door.path}/")]
    return max(under, key=len, default="")


def _is_open(endpoint: str) -> bool:
    access = access_of(current_app, endpoint)
    return access == PUBLIC or (access is not None and current_user.can(Permission(access)))
