"""How large a sample is, and what its errors come to in the population (pure; satang).

Size n = population × R ÷ (materiality − expected error × E), rounded up, no more than there are
entries. R is the reliability factor of the Poisson distribution without an error and E the
expansion factor for the confidence: AICPA, Audit Guide *Audit Sampling*, tables for monetary-unit
sampling; ISA 530 names the same influences in its appendix 3. The factors are in hundredths.

Projected error: by ratio, errors ÷ amounts checked × amount of the stratum, added up over the
strata; by monetary unit, for each entry below the interval its error ÷ its amount × interval, for
each other its error. The upper limit by monetary unit adds R × interval, and for each entry below
the interval, the largest share of error first, what the factor of one error more exceeds 1.
What was not found is an error of its whole amount (ISA 530, paragraph 11).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fundapp.audit.samples.models import Confidence, SampleMethod

#: The expansion factor of an expected error, in hundredths, by the confidence.
EXPANSION = {
    Confidence.C80: 130,
    Confidence.C90: 150,
    Confidence.C95: 160,
    Confidence.C99: 190,
}


@dataclass(frozen=True, slots=True)
class Checked:
    """An item with the error that was found in it, both in satang."""

    amount: int
    error: int
    stratum: int


@dataclass(frozen=True, slots=True)
class Projection:
    """What the sample says about the population; ``upper`` only by monetary unit."""

    found: int
    projected: int
    upper: int | None
    interval: int | None


def factor_of(confidence: Confidence, errors: int = 0) -> int:
    """The reliability factor for so many errors, in hundredths, rounded up: the mean at which so
    few errors are as unlikely as the confidence leaves.
    """
    risk = 1 - int(confidence) / 100
    low, high = 0.0, 20.0 + 3 * errors
    for _ in range(60):
        mean = (low + high) / 2
        terms = (
            math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(errors + 1)
        )
        low, high = (mean, high) if sum(terms) > risk else (low, mean)
    return math.ceil(round(high * 100, 6))


def size_for(
    population: int, entries: int, confidence: Confidence, materiality: int, expected: int
) -> int | None:
    """How many are drawn; None when the materiality leaves no room beside the expected error."""
    room = 100 * materiality - EXPANSION[confidence] * expected
    if room <= 0:
        return None
    return min(entries, -(-population * factor_of(confidence) // room))


def project(
    method: SampleMethod,
    checked: Sequence[Checked],
    *,
    strata: Mapping[int, int],
    size: int,
    confidence: Confidence,
) -> Projection:
    """What the errors come to; ``strata`` has the amount of each. ``checked`` may be empty."""
    found = sum(item.error for item in checked)
    if method is not SampleMethod.MONETARY_UNIT:
        projected = sum(
            _ratio(amount, [item for item in checked if item.stratum == number])
            for number, amount in strata.items()
        )
        return Projection(found, projected, None, None)
    interval = sum(strata.values()) // size
    small = [item for item in checked if item.amount < interval and item.error]
    known = sum(item.error for item in checked if item.amount >= interval)
    each = sorted((_part(item.error * interval, item.amount) for item in small), reverse=True)
    return Projection(
        found,
        known + sum(each),
        known + sum(each) + _allowance(each, interval, confidence),
        interval,
    )


def _allowance(each: Iterable[int], interval: int, confidence: Confidence) -> int:
    total, before = interval * factor_of(confidence), factor_of(confidence)
    for number, projected in enumerate(each, start=1):
        factor = factor_of(confidence, number)
        total += projected * (factor - before - 100)
        before = factor
    return -(-total // 100)


def _ratio(amount: int, items: Sequence[Checked]) -> int:
    base = sum(item.amount for item in items)
    return _part(sum(item.error for item in items) * amount, base) if base else 0


def _part(dividend: int, divisor: int) -> int:
    """The quotient, rounded to the nearest satang."""
    return (2 * dividend + divisor) // (2 * divisor)
