"""Batches and their gifts before they are written: plain values."""

from dataclasses import dataclass
from datetime import date

from fundapp.giving.models import Method


@dataclass(frozen=True, slots=True)
class Giver:
    """Who gives one gift of a list, and how much (satang); without a name nobody knows who."""

    amount_satang: int
    name: str = ""
    email: str = ""
    tax_id: str = ""


@dataclass(frozen=True, slots=True)
class BatchDraft:
    """A batch: what is expected of it, and where its money is. ``sender_id`` is the donor that
    collected it, an agency, school or company.
    """

    method: Method
    fund_code: str
    account_code: str
    received_on: date
    expected_count: int
    expected_satang: int
    sender_id: int | None = None


@dataclass(frozen=True, slots=True)
class RowDraft:
    """A gift of a batch: of a known donor, on a pledge (``reference``), of somebody named, or of
    nobody known.
    """

    giver: Giver
    donor_id: int | None = None
    reference: str = ""
