"""Transfers before they are booked."""

from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True)
class CashDeposit:
    """Cash that is paid into a bank account at once: satang of each fund, by its code."""

    from_account_code: str
    to_account_code: str
    satang_by_fund: Mapping[str, int]
    moved_on: date
