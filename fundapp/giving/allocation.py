"""Which instalments a payment pays (pure).

What no instalment takes is the payment's *surplus*: it stays a gift to the same fund.
"""

from collections.abc import Iterable, Sequence

from fundapp.giving.models import Instalment, PledgeStatus


def allocate(
    amount_satang: int,
    instalments: Sequence[Instalment],
    *,
    named: Instalment | None,
    status: PledgeStatus,
) -> list[tuple[Instalment, int]]:
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
            parts.append((instalment, part))
            amount_satang -= part
    return parts


def by_due_date(instalments: Iterable[Instalment]) -> list[Instalment]:
    """The instalments, the earliest due date first."""
    return sorted(instalments, key=lambda instalment: (instalment.due_on, instalment.number))


def next_open(instalments: Iterable[Instalment]) -> Instalment | None:
    """The instalment with the earliest due date that still takes money."""
    by_date = by_due_date(instalments)
    return next((instalment for instalment in by_date if instalment.open_satang > 0), None)
