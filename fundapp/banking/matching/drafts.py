"""A transfer before it is booked."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money of a fund that moves from one of its accounts in the books to another."""

    fund_code: str
    from_account_code: str
    to_account_code: str
    satang: int
    moved_on: date
