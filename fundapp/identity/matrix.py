"""The table of routes and roles, read from the running application, and that of pairs of roles."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from flask import Flask
from werkzeug.routing import Rule

from fundapp.access.combinations import combination
from fundapp.access.marks import PUBLIC, access_of
from fundapp.access.permissions import ROLE_PERMISSIONS, Permission, Role

ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class RouteAccess:
    """Who may use a route; its view may limit access further (own district, own request)."""

    endpoint: str
    rule: str
    methods: tuple[str, ...]
    permission: str
    allowed: dict[str, bool]


@dataclass(frozen=True, slots=True)
class RolePair:
    """Two roles, and whether one person may hold both: allowed, by exception, refused."""

    role: str
    other: str
    combination: str


def role_pairs() -> list[RolePair]:
    """Every pair of roles, in the order of `Role`."""
    return [RolePair(one, other, combination(one, other)) for one, other in combinations(Role, 2)]


def pairs_as_text(pairs: Sequence[RolePair]) -> str:
    """The pairs for a terminal."""
    lines = ["roles of one person              together"]
    lines += [f"{pair.role + ' + ' + pair.other:32} {pair.combination}" for pair in pairs]
    return "\n".join(lines)


def route_matrix(app: Flask) -> list[RouteAccess]:
    """Every route of ``app``, ordered by address and methods."""
    rows = [_row(app, rule) for rule in app.url_map.iter_rules()]
    return sorted(rows, key=lambda row: (row.rule, row.methods, row.endpoint))


def as_text(rows: Sequence[RouteAccess]) -> str:
    """The table for a terminal: a line for each route, ``yes`` for each role that may use it."""
    names = [ANONYMOUS, *Role]
    width = max(len(row.rule) for row in rows)
    lines = [f"{'route':{width}}  {'methods':10}  {'permission':22}  {'  '.join(names)}"]
    for row in rows:
        marks = "  ".join(f"{'yes' if row.allowed[name] else '-':{len(name)}}" for name in names)
        methods = ",".join(row.methods)
        lines.append(f"{row.rule:{width}}  {methods:10}  {row.permission:22}  {marks}".rstrip())
    return "\n".join(lines)


def _row(app: Flask, rule: Rule) -> RouteAccess:
    access = access_of(app, rule.endpoint)
    allowed = {ANONYMOUS: access == PUBLIC}
    for role in Role:
        allowed[role.value] = access == PUBLIC or (
            access is not None and Permission(access) in ROLE_PERMISSIONS[role]
        )
    return RouteAccess(
        endpoint=rule.endpoint,
        rule=rule.rule,
        methods=tuple(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})),
        permission=access or "",
        allowed=allowed,
    )
