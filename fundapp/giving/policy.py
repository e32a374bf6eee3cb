"""Rules of giving that need no database (pure)."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.giving.models import Donor, DonorKind, Instalment, Method, Pledge, PledgeStatus
from fundapp.ledger import chart
from fundapp.ledger.models import Fund, Restriction

_ORGANISATIONS = frozenset(
    {DonorKind.COMPANY, DonorKind.AGENCY, DonorKind.MOSQUE, DonorKind.SCHOOL}
)


class InstalmentState(StrEnum):
    """How an instalment looks to people on a given day."""

    PAID = "paid"
    PART_PAID = "part_paid"
    DUE = "due"
    OVERDUE = "overdue"
    UPCOMING = "upcoming"
    STOPPED = "stopped"


def instalment_state(instalment: Instalment, status: PledgeStatus, today: date) -> InstalmentState:
    """The state of an instalment of a pledge in ``status``; a paused pledge is never overdue."""
    if instalment.open_satang == 0:
        return InstalmentState.PAID
    if status in (PledgeStatus.PAUSED, PledgeStatus.CANCELLED):
        return InstalmentState.STOPPED
    if instalment.due_on < today:
        return InstalmentState.OVERDUE
    if instalment.paid_satang:
        return InstalmentState.PART_PAID
    return InstalmentState.DUE if instalment.due_on == today else InstalmentState.UPCOMING


def is_late(instalment: Instalment, status: PledgeStatus, received_on: date) -> bool:
    """Whether money that came on ``received_on`` came after the due day, or after the pledge had
    ended.
    """
    return status is PledgeStatus.CANCELLED or received_on > instalment.due_on


def spread(
    amount_satang: int,
    instalments: Sequence[Instalment],
    named: Instalment | None,
    status: PledgeStatus,
) -> list[tuple[Instalment, int]]:
    """How money that arrived is laid on instalments: the named one first, then by due day.

    What is left over belongs to no instalment: it is a further gift. Of a cancelled pledge only the
    instalment that the payer named takes anything.
    """
    rest = [] if status is PledgeStatus.CANCELLED else by_due_day(instalments)
    order = ([named] if named else []) + [one for one in rest if one is not named]
    parts = []
    for instalment in order:
        part = min(amount_satang, instalment.open_satang)
        if part > 0:
            parts.append((instalment, part))
            amount_satang -= part
    return parts


def by_due_day(instalments: Iterable[Instalment]) -> list[Instalment]:
    """The instalments, oldest first."""
    return sorted(instalments, key=lambda one: (one.due_on, one.number))


def next_open(instalments: Iterable[Instalment]) -> Instalment | None:
    """The oldest instalment that still takes money."""
    return next((one for one in by_due_day(instalments) if one.open_satang > 0), None)


def income_account(fund: Fund, donor: Donor) -> str:
    """The income account of a gift: zakat apart, then by who gives."""
    if fund.restriction is Restriction.ZAKAT:
        return chart.ZAKAT_RECEIVED
    if donor.kind in _ORGANISATIONS:
        return chart.DONATIONS_ORGANISATIONS
    return chart.DONATIONS_INDIVIDUALS


def asset_account(fund: Fund, method: Method) -> str:
    """Where money of ``fund`` that an officer records is put: cash on hand, or the fund's bank
    account.
    """
    if method is Method.CASH:
        return chart.CASH_ON_HAND
    return chart.BANK_ZAKAT if fund.restriction is Restriction.ZAKAT else chart.BANK_MAIN


def terms_of(pledge: Pledge) -> str:
    """What a change starts from, in one word: whoever saw other terms changes nothing unseen."""
    return f"{pledge.amount_satang}-{pledge.starts_on.isoformat()}"


def may_import_older_gifts(actor: Actor) -> bool:
    """Whether the actor may take over the gifts of older books."""
    return actor.can(Permission.OLDER_BOOKS_IMPORT)
