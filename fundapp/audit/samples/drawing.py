"""Drawing entries from a frozen population (pure, integers only).

Whoever has the population's lines, its SHA-256 and the seed draws the same rows:

1. key = SHA-256(``sample-1`` ‖ 0x00 ‖ seed in UTF-8 ‖ 0x00 ‖ population's SHA-256, 32 bytes).
2. Block i (0, 1, 2, …) = SHA-256(key ‖ i as 8 bytes, the highest first), read as a number, the
   highest byte first.
3. A number below n: the next block, unless it is 2^256 − (2^256 mod n) or more, which is left
   out and the next one taken; its remainder by n.
4. *Random*: a number below the count names a row, the first being 0; a row that was drawn is left
   out; until there are as many as wanted.
5. *Stratified*: entries of the materiality or more are all drawn, in the order of the population.
   The rest, by amount and then order, is cut into three strata where the running sum passes a
   third and two thirds of its money. What is left of the size is shared out by money (the largest
   remainder, the lower stratum first), no stratum getting less than one or more than it has; then
   4. in each, with the same blocks going on.
6. *Monetary unit*: interval = sum // size; start = a number below the interval; the units start,
   start + interval, … (size of them) each draw the entry in which they lie, entries laid end to
   end in their order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from fundapp.audit.samples.models import SampleMethod
from fundapp.seeded_numbers import Stream, distinct


@dataclass(frozen=True, slots=True)
class Drawn:
    """A row of the population, counted from 0, of a stratum, and how often it was hit."""

    index: int
    stratum: int
    hits: int = 1


def strata_of(
    method: SampleMethod, amounts: Sequence[int], materiality: int
) -> dict[int, list[int]]:
    """The rows of each stratum that has any, by its number; 0 is drawn in full."""
    if method is not SampleMethod.STRATIFIED:
        return {1: list(range(len(amounts)))}
    strata: dict[int, list[int]] = {
        0: [index for index, amount in enumerate(amounts) if amount >= materiality]
    }
    rest = sorted((amount, index) for index, amount in enumerate(amounts) if amount < materiality)
    total, before = sum(amount for amount, _index in rest), 0
    for amount, index in rest:
        strata.setdefault(1 + min(2, 3 * before // total), []).append(index)
        before += amount
    return {number: rows for number, rows in strata.items() if rows}


def draw(
    method: SampleMethod,
    amounts: Sequence[int],
    *,
    size: int,
    strata: dict[int, list[int]],
    stream: Stream,
) -> list[Drawn]:
    """The rows in the order in which they are drawn; ``size`` is no more than there are."""
    if method is SampleMethod.MONETARY_UNIT:
        return _by_unit(amounts, size, stream)
    drawn = [Drawn(index, 0) for index in strata.get(0, ())]
    sums = {
        number: (len(rows), sum(amounts[index] for index in rows))
        for number, rows in strata.items()
        if number
    }
    for number, wanted in share_out(max(size - len(drawn), 0), sums).items():
        rows = strata[number]
        drawn += [Drawn(rows[index], number) for index in distinct(len(rows), wanted, stream)]
    return drawn


def share_out(size: int, strata: dict[int, tuple[int, int]]) -> dict[int, int]:
    """How many of ``size`` each stratum gets: by its money, of its count and sum."""
    total = sum(amount for _count, amount in strata.values())
    shares = {
        number: min(rows, max(1, size * amount // total))
        for number, (rows, amount) in strata.items()
    }
    order = sorted(strata, key=lambda number: (-(size * strata[number][1] % total), number))
    while sum(shares.values()) < size:
        for number in order:
            if shares[number] < strata[number][0] and sum(shares.values()) < size:
                shares[number] += 1
    return shares


def _by_unit(amounts: Sequence[int], size: int, stream: Stream) -> list[Drawn]:
    interval = sum(amounts) // size
    unit, left, drawn = stream.below(interval), size, []
    for index, end in enumerate(accumulate(amounts)):
        hits = min(left, max(0, -(-(end - unit) // interval)))
        if hits:
            drawn.append(Drawn(index, 1, hits))
            unit, left = unit + hits * interval, left - hits
    return drawn
