"""Drawing payments for call-backs (pure): from the vouchers of a month's payments, in their order,
with a seed. The numbers are those of ``docs/sampling.md``, step 1 to 4.
"""

import hashlib
from collections.abc import Sequence

from fundapp.seeded_numbers import Stream, distinct


def population_hash(vouchers: Sequence[str]) -> bytes:
    """SHA-256 of the vouchers, one a line."""
    return hashlib.sha256("".join(f"{voucher}\n" for voucher in vouchers).encode()).digest()


def sample_size(payments: int, percent: int, fewest: int) -> int:
    """How many of so many payments are called about: the share, rounded up, or the least number; no
    more than there are.
    """
    return min(payments, max(fewest, -(-payments * percent // 100)))


def draw_vouchers(vouchers: Sequence[str], size: int, seed: str) -> list[str]:
    """The vouchers in the order in which they are drawn."""
    stream = Stream(seed, population_hash(vouchers))
    return [vouchers[row] for row in distinct(len(vouchers), size, stream)]
