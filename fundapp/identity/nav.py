"""The navigation of the workspace: links to the pages that the signed-in person may open."""

from collections.abc import Collection
from dataclasses import dataclass

from flask import Flask, current_app, request, url_for
from flask_login import current_user

from fundapp.access.actors import Actor
from fundapp.access.current import current_actor
from fundapp.access.marks import PUBLIC, access_of
from fundapp.access.permissions import Permission, Role
from fundapp.web.lazy import lazy as _l


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link to a page of the workspace; ``role`` limits it to people with that role."""

    endpoint: str
    label: str
    group: str = ""
    role: Role | None = None

    @property
    def url(self) -> str:
        """The address of the page."""
        return url_for(self.endpoint)


@dataclass(frozen=True, slots=True)
class NavItem:
    """A link as the layout shows it."""

    label: str
    url: str
    group: str
    active: bool


_MONEY = _l("Money")
_HELP = _l("Help")
_BOOKS = _l("Books")
_OFFICE = _l("Office")

PAGE_LINKS: tuple[PageLink, ...] = (
    PageLink("today.index", _l("Today")),
    PageLink("today.my_giving", _l("My giving"), role=Role.DONOR),
    PageLink("giving.donors", _l("Donors"), _MONEY),
    PageLink("giving.office_pledges", _l("Pledges"), _MONEY),
    PageLink("giving.payments", _l("Payments"), _MONEY),
    PageLink("giving.batches", _l("Batches"), _MONEY),
    PageLink("giving.cash", _l("Cash"), _MONEY),
    PageLink("advances.index", _l("Petty cash and advances"), _MONEY),
    PageLink("giving.fundraising", _l("Campaigns"), _MONEY),
    PageLink("giving.gifts_in_kind", _l("Gifts in kind"), _MONEY),
    PageLink("giving.receipts", _l("Receipts"), _MONEY),
    PageLink("giving.refunds", _l("Refunds"), _MONEY),
    PageLink("giving.e_donations", _l("e-Donation"), _MONEY),
    PageLink("grants.index", _l("Grants"), _MONEY),
    PageLink("banking.statements", _l("Bank statements"), _MONEY),
    PageLink("banking.lines", _l("Lines to match"), _MONEY),
    PageLink("banking.reconciliation", _l("Bank reconciliation"), _MONEY),
    PageLink("children.index", _l("Children"), _HELP),
    PageLink("children.reads", _l("Reads of files"), _HELP),
    PageLink("disbursements.index", _l("Requests for help"), _HELP),
    PageLink("disbursements.vendors", _l("Vendors"), _HELP),
    PageLink("payouts.index", _l("Batches of payouts"), _HELP),
    PageLink("aid_plans.index", _l("Aid in instalments"), _HELP),
    PageLink("callbacks.index", _l("Call-backs"), _HELP),
    PageLink("committee.index", _l("Committee"), _HELP),
    PageLink("concerns.index", _l("Concerns"), _HELP),
    PageLink("agencies.index", _l("Partner agencies"), _HELP),
    PageLink("agencies.referrals", _l("Referrals"), _HELP),
    PageLink("programmes.index", _l("Programme phases"), _HELP),
    PageLink("council.index", _l("For the council"), _HELP),
    PageLink("audit.journal", _l("Journal"), _BOOKS),
    PageLink("audit.trial_balance", _l("Trial balance"), _BOOKS),
    PageLink("audit.funds", _l("Fund balances"), _BOOKS),
    PageLink("budgets.index", _l("Budgets"), _BOOKS),
    PageLink("audit.periods", _l("Closing of months"), _BOOKS),
    PageLink("audit.samples", _l("Samples"), _BOOKS),
    PageLink("audit.findings", _l("Findings"), _BOOKS),
    PageLink("audit.exceptions", _l("Exceptions"), _BOOKS),
    PageLink("audit.letters", _l("Confirmation letters"), _BOOKS),
    PageLink("audit.packs", _l("Audit packs"), _BOOKS),
    PageLink("audit.trail", _l("Trail"), _BOOKS),
    PageLink("mail.outbox", _l("Mail"), _OFFICE),
    PageLink("proposals.index", _l("Proposals"), _OFFICE),
    PageLink("ledger.settings", _l("Settings"), _OFFICE),
    PageLink("identity.users", _l("Users"), _OFFICE),
    PageLink("identity.recent_invitations", _l("Invitations and resets"), _OFFICE),
    PageLink("remarks.index", _l("Erase words"), _OFFICE),
    PageLink("identity.own_sessions", _l("My account"), _OFFICE),
)


def staff_nav() -> list[NavItem]:
    """The links of the navigation for the signed-in person, in order; none without a sign-in."""
    if not current_user.is_authenticated:
        return []
    urls = [link.url for link in PAGE_LINKS]
    active = max(filter(_is_requested, urls), key=len, default="")
    actor, roles = current_actor(), current_user.role_set()
    return [
        NavItem(str(link.label), url, str(link.group), active=url == active)
        for link, url in zip(PAGE_LINKS, urls, strict=True)
        if _is_for(link, actor, roles)
    ]


def is_shown(link: PageLink) -> bool:
    """Whether the signed-in person may open the page and has the role that the link is for."""
    return _is_for(link, current_actor(), current_user.role_set())


def _is_for(link: PageLink, actor: Actor, roles: Collection[Role]) -> bool:
    access = access_of(current_app, link.endpoint)
    may_open = access == PUBLIC or (access is not None and actor.can(Permission(access)))
    return may_open and (link.role is None or link.role in roles)


def init_app(app: Flask) -> None:
    """Let the layouts call `staff_nav`."""
    app.jinja_env.globals.update(staff_nav=staff_nav)


def _is_requested(url: str) -> bool:
    """Whether the request is for ``url`` or an address below it."""
    return request.path == url or request.path.startswith(f"{url}/")
