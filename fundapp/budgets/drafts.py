"""Budgets and transfers before they are written: plain values."""

from collections.abc import Mapping
from dataclasses import dataclass

from fundapp.budgets.models import TransferReason


@dataclass(frozen=True, slots=True)
class BudgetDraft:
    """What a fund may spend in a fiscal year (B.E.), in satang by expense account."""

    fund_code: str
    fiscal_year: int
    amounts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TransferDraft:
    """Money that one fund is to give another, in the account where it lies. ``document`` is the
    public id of the stored paper.
    """

    from_fund: str
    to_fund: str
    account_code: str
    satang: int
    reason: TransferReason
    document: str
