"""Who may change budgets and move money between funds, and which funds may (pure)."""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.ledger.models import Fund, Restriction


def may_set_budget(actor: Actor) -> bool:
    """Whether the actor may set budgets and rules of transfers: two people together."""
    return actor.can(Permission.BUDGET_SET)


def may_transfer(actor: Actor) -> bool:
    """Whether the actor may move money between funds: two people together."""
    return actor.can(Permission.FUND_TRANSFER)


def may_ever_give(fund: Fund) -> bool:
    """Whether a rule may let the fund give: money with a purpose stays with it."""
    return fund.restriction is Restriction.UNRESTRICTED


def may_ever_take(fund: Fund) -> bool:
    """Whether a rule may let the fund take: only zakat becomes zakat."""
    return fund.restriction is not Restriction.ZAKAT
