"""Gifts before they are written: plain values."""

from dataclasses import dataclass
from datetime import date

from fundapp.giving.models import DonorKind, Frequency, Method


@dataclass(frozen=True, slots=True)
class OlderGift:
    """A gift as the older books have it. ``number`` is its own number there, which no other gift
    has; it is kept for ever, so it must not be personal data.
    """

    number: str
    amount_satang: int
    received_on: date


@dataclass(frozen=True, slots=True)
class OlderPledge:
    """A pledge of older books that was paid in full: one gift for each of its instalments.

    A gift that nobody had pledged is a pledge with the frequency ``once`` and one gift. Without a
    ``donor_name`` the donor gave anonymously; ``donor_email`` finds a known donor again.
    """

    fund_code: str
    frequency: Frequency
    starts_on: date
    method: Method
    gifts: tuple[OlderGift, ...]
    donor_name: str = ""
    donor_email: str | None = None
    donor_kind: DonorKind = DonorKind.INDIVIDUAL
    is_anonymous: bool = False

    @property
    def amount_satang(self) -> int:
        """The total of the gifts."""
        return sum(gift.amount_satang for gift in self.gifts)

    @property
    def hides_donor(self) -> bool:
        """Whether receipts and lists leave the donor's name out."""
        return self.is_anonymous or not self.donor_name
