"""What happens in the demo's story: plain values that the teller acts out, in order of time.

Things are known by their numbers in the story; the teller remembers which rows they became.
``at`` is when somebody did it, an aware instant.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from fundapp.children.drafts import ChildFacts
from fundapp.children.models import CloseReason, ConsentKind, Relation
from fundapp.disbursements.models import Need, PayeeKind, PayoutMethod, ReceiptOutcome
from fundapp.giving.models import DonorKind, Frequency, Method


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happened."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DonorComes(Happening):
    """Somebody gives for the first time."""

    donor: int
    name: str
    kind: DonorKind
    email: str | None
    phone: str | None
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeMade(Happening):
    """A donor promises."""

    pledge: int
    donor: int
    fund: str
    amount_satang: int
    frequency: Frequency
    count: int | None
    starts_on: date
    method: Method
    is_anonymous: bool


class Turn(StrEnum):
    """What a donor does with a pledge later."""

    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeTurns(Happening):
    """A pledge is paused, resumed or cancelled."""

    pledge: int
    turn: Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyComes(Happening):
    """Money arrives: for a pledge (``instalment`` counts from 1, 0 when none was named), or freely.

    Without a donor it comes from ``payer_name``, or from nobody who says so.
    """

    payment: int
    satang: int
    received_on: date
    method: Method
    fund: str
    donor: int | None = None
    pledge: int | None = None
    instalment: int = 0
    is_anonymous: bool = False
    payer_name: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyReversed(Happening):
    """A payment proves wrong."""

    payment: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CashMoves(Happening):
    """Cash of a fund is paid into the bank (positive) or drawn from it (negative)."""

    cash: int
    fund: str
    satang: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildComes(Happening):
    """A case manager opens a file. With ``sibling_of`` the guardian is the one of that child."""

    child: int
    district: str
    facts: ChildFacts
    guardian_name: str
    guardian_phone: str
    relation: Relation
    consents: tuple[ConsentKind, ...]
    sibling_of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn(Happening):
    """A guardian takes a consent back."""

    child: int
    kind: ConsentKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildLeaves(Happening):
    """A file is closed."""

    child: int
    reason: CloseReason


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpAsked(Happening):
    """A case manager asks; with ``again`` a returned request is sent in once more."""

    request: int
    fund: str
    need: Need
    reason: str
    payee: PayeeKind
    payee_name: str
    method: PayoutMethod
    lines: tuple[tuple[int, int], ...]
    again: bool = False


class Verdict(StrEnum):
    """What becomes of a request before it is paid."""

    APPROVE = "approve"
    RETURN = "return"
    REJECT = "reject"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpDecided(Happening):
    """An approver decides; ``by_asker`` when a case manager takes the request back."""

    request: int
    verdict: Verdict
    reason: str = ""
    by_asker: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpPaid(Happening):
    """An officer pays."""

    request: int
    paid_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpProved(Happening):
    """A guardian or school says what became of the money."""

    request: int
    outcome: ReceiptOutcome
    confirmed_by: str
    note: str = ""
    has_paper: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementComes(Happening):
    """An officer takes in the statement of an account for some days, and matches its lines."""

    account: str
    from_on: date
    to_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthCloses(Happening):
    """The books of a month are closed."""

    month_on: date
