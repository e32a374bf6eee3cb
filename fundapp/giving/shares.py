"""How money of one pledge is shared out to its funds (pure).

The rule: together with what each fund has got of the pledge, it gets what its share of everything
that came is, by the largest remainder (`fundapp.money.split_by_weights`). A fund that already has
more gets nothing of this payment, and the others share it as what they lack. So

* the parts of each payment add up to it, whether it is short, exact or too much;
* once the pledge is paid, each fund has exactly its share, however it was cut into payments;
* a payment that is reversed, returned or refunded takes back exactly what it gave.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fundapp.money import split_by_weights


@dataclass(frozen=True, slots=True)
class ShareTerms:
    """What one fund is to get of a pledge: satang, or hundredths of a percent."""

    fund_code: str
    share: int


def share_out(satang: int, shares: Sequence[int], given: Sequence[int]) -> list[int]:
    """What each fund gets of a payment: ``shares`` is what each is to get of the pledge, ``given``
    what each has of it, all in satang.

    Raises ValueError when the payment is not above zero, or nothing is shared.
    """
    if satang <= 0 or len(shares) != len(given):
        raise ValueError("share_out needs satang > 0, and as many given as shares")
    aims = split_by_weights(satang + sum(given), shares)
    lacking = [max(0, aim - has) for aim, has in zip(aims, given, strict=True)]
    return split_by_weights(satang, lacking)
