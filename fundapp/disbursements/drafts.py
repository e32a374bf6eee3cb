"""What somebody asks for, as plain values, before it is a row."""

from collections.abc import Sequence
from dataclasses import dataclass

from fundapp.children.models import Child
from fundapp.disbursements.models import Need, PayeeKind, PayoutMethod


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
        """One line, for sealing."""
        return f"{self.bank_code}:{self.number}"

    def masked(self) -> str:
        """The last four digits, for those who need not know the whole."""
        return "•••" + self.number[-4:]


@dataclass(frozen=True, slots=True)
class LineDraft:
    """An amount for one child, known by its public id."""

    child_id: str
    amount_satang: int


@dataclass(frozen=True, slots=True)
class RequestDraft:
    """A request to be. ``account`` is None exactly when the help is paid in cash."""

    fund_code: str
    need: Need
    reason: str
    payee_kind: PayeeKind
    payee_name: str
    payout_method: PayoutMethod
    account: PayeeAccount | None
    lines: Sequence[LineDraft]


@dataclass(frozen=True, slots=True)
class ChildAmount:
    """A line whose child has been found."""

    child: Child
    amount_satang: int
