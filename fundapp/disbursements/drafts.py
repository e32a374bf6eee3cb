"""What somebody asks for, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from fundapp.children.models import Child
from fundapp.disbursements.models import (
    Need,
    PayeeKind,
    PayoutMethod,
    RuleAspect,
    VendorEnd,
    VendorKind,
)

#: What stands in place of all but the last digits of a number.
MASK = "•••"


def masked(number: str) -> str:
    """The last four digits, for those who may not know the whole number; empty without one."""
    return MASK + number[-4:] if number else ""


@dataclass(frozen=True, slots=True)
class PayeeAccount:
    """Where a transfer goes: a bank's three-digit code (``"promptpay"`` for PromptPay) and a
    number.
    """

    bank_code: str
    number: str

    @classmethod
    def from_text(cls, text: str) -> "PayeeAccount":
        """Read what `to_text` wrote."""
        bank_code, _, number = text.partition(":")
        return cls(bank_code, number)

    def to_text(self) -> str:
        """One line, to be encrypted."""
        return f"{self.bank_code}:{self.number}"

    def masked(self) -> str:
        """The last four digits, for those who may not know the whole number."""
        return masked(self.number)


@dataclass(frozen=True, slots=True)
class LineDraft:
    """An amount for one child, known by its public id."""

    child_id: str
    amount_satang: int


@dataclass(frozen=True, slots=True)
class CodeLineDraft:
    """An amount for one child, known by its code."""

    code: str
    amount_satang: int


@dataclass(frozen=True, slots=True)
class RequestDraft:
    """A request before it is sent in. ``account`` is None exactly when the help is paid in cash.

    A guardian or school is one of the children's files; ``payee_name`` may be empty where there is
    one only. ``payee_reason``: why the payee is somebody else. ``payee_address`` and
    ``payee_id_number`` (13 digits, of a person or for tax) stand on the voucher; empty: they are
    written on it by hand. A masked number stands for the one that a returned request has.

    A vendor is named by ``vendor``, its public id; all else of the payee comes from the register,
    and ``vendor_version`` says as what version.
    """

    fund_code: str
    need: Need
    reason: str = field(repr=False)
    payee_kind: PayeeKind
    payee_name: str = field(repr=False)
    payout_method: PayoutMethod
    account: PayeeAccount | None = field(repr=False)
    lines: Sequence[LineDraft]
    code_lines: Sequence[CodeLineDraft] = ()
    payee_reason: str = field(default="", repr=False)
    payee_address: str = field(default="", repr=False)
    payee_id_number: str = field(default="", repr=False)
    vendor: str = ""
    vendor_version: str = ""


@dataclass(frozen=True, slots=True)
class VendorDraft:
    """A vendor as a whole. ``districts``: the codes of those that it supplies; none: the whole
    province. ``ended``: why it is closed.
    """

    name: str = field(repr=False)
    kind: VendorKind
    tax_id: str = field(repr=False)
    address: str = field(repr=False)
    phone: str = field(repr=False)
    account: PayeeAccount = field(repr=False)
    account_name: str = field(repr=False)
    districts: tuple[str, ...] = ()
    ended: VendorEnd | None = None


@dataclass(frozen=True, slots=True)
class ChildAmount:
    """A child with the amount that is asked for it."""

    child: Child
    amount_satang: int


@dataclass(frozen=True, slots=True)
class HelpRulesDraft:
    """Rules of help. ``bands``: from how many satang on how many people approve, rising; a cap of
    None: there is none.
    """

    starts_on: date
    bands: tuple[tuple[int, int], ...]
    child_cap_satang: int | None
    household_cap_satang: int | None


@dataclass(frozen=True, slots=True)
class FundRulesDraft:
    """Rules of a fund. ``values``: what is allowed, by aspect; where there is none of an aspect,
    everything is. Ages are completed years; None: no bound.
    """

    fund_code: str
    starts_on: date
    age_from: int | None
    age_to: int | None
    values: tuple[tuple[RuleAspect, str], ...]
