"""Which instalments a payment pays, and what that changes of them (pure).

What no instalment takes is the payment's *surplus*: it stays a gift to the same fund. A shortage is
still to come, unless an officer lets it go. So for every payment

    amount = allocated + surplus

and for every instalment

    amount = received + let go + still to come
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from fundapp.giving.errors import LetGoRefusedError
from fundapp.giving.models import Instalment, PledgeStatus
from fundapp.money import format_baht


class Part(NamedTuple):
    """What a payment pays of an instalment, and what is let go of it; both in satang."""

    instalment: Instalment
    satang: int
    let_go_satang: int = 0


def allocate(
    amount_satang: int,
    instalments: Sequence[Instalment],
    *,
    named: Instalment | None,
    status: PledgeStatus,
) -> list[Part]:
    """The instalments of one pledge that a payment pays, each with its part in satang.

    The instalment that the payer named comes first, then the others by due date; none takes more
    than is open. Of a cancelled pledge only the named instalment takes money. What the parts do not
    use up is the surplus.
    """
    others = [] if status is PledgeStatus.CANCELLED else by_due_date(instalments)
    first = [named] if named is not None else []
    parts = []
    for instalment in [*first, *(other for other in others if other is not named)]:
        part = min(amount_satang, instalment.open_satang)
        if part > 0:
            parts.append(Part(instalment, part))
            amount_satang -= part
    return parts


def allocate_letting_go(amount_satang: int, named: Instalment | None, limit_satang: int) -> Part:
    """A payment of the named instalment alone: a shortage up to the limit is let go, and more than
    is open, up to the limit, stays a surplus. LetGoRefusedError beyond the limit.
    """
    still_open = named.open_satang if named is not None else 0
    difference = abs(still_open - amount_satang)
    if named is None or not still_open or difference > limit_satang:
        amounts = {"difference": format_baht(difference), "limit": format_baht(limit_satang)}
        raise LetGoRefusedError(params=amounts)
    paid = min(amount_satang, still_open)
    return Part(named, paid, still_open - paid)


def pay(parts: Iterable[Part]) -> None:
    """Note on the instalments what a payment pays of them, and what is let go with it."""
    for instalment, satang, let_go_satang in parts:
        instalment.paid_satang += satang + let_go_satang
        instalment.let_go_satang += let_go_satang


def take_back(parts: Iterable[Part]) -> None:
    """Open the instalments again that a payment had paid; what others paid of them stays."""
    for instalment, satang, let_go_satang in parts:
        instalment.paid_satang -= satang + let_go_satang
        instalment.let_go_satang -= let_go_satang


def write_off(instalment: Instalment, satang: int) -> None:
    """Let go of an instalment without a payment; below zero it is open again."""
    instalment.paid_satang += satang
    instalment.let_go_satang += satang


def open_up_to(named: Instalment, instalments: Iterable[Instalment]) -> int:
    """What is open of the named instalment and of all that are due before it, in satang."""
    last = (named.due_on, named.number)
    return sum(row.open_satang for row in instalments if (row.due_on, row.number) <= last)


def by_due_date(instalments: Iterable[Instalment]) -> list[Instalment]:
    """The instalments, the earliest due date first."""
    return sorted(instalments, key=lambda instalment: (instalment.due_on, instalment.number))


def next_open(instalments: Iterable[Instalment]) -> Instalment | None:
    """The instalment with the earliest due date that still takes money."""
    by_date = by_due_date(instalments)
    return next((instalment for instalment in by_date if instalment.open_satang > 0), None)
