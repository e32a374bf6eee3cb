"""What happens in the demo: plain values, which `handlers` carry out in order of time.

Donors, pledges, payments, children and requests are known by their numbers in the plan; `DemoState`
holds the rows made for them. ``at`` is when somebody did it, an aware instant.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from fundapp.children.drafts import ChildFacts
from fundapp.children.models import CloseReason, ConsentKind, DuplicateDecision, Relation
from fundapp.disbursements.models import Need, PayeeKind, PayoutMethod, ReceiptOutcome
from fundapp.giving.models import DonorKind, Frequency, Method
from fundapp.giving.workflow import PledgeAction


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DonorRegistered(Event):
    """A donor is registered, before the first gift."""

    donor: int
    name: str
    kind: DonorKind
    email: str | None
    phone: str | None
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeMade(Event):
    """A donor makes a pledge."""

    pledge: int
    donor: int
    fund: str
    amount_satang: int
    frequency: Frequency
    count: int | None
    starts_on: date
    method: Method
    is_anonymous: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeChanged(Event):
    """A pledge is paused, resumed or cancelled."""

    pledge: int
    action: PledgeAction


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReceived(Event):
    """Money arrives: for a pledge (``instalment`` counts from 1, 0 when the payer named none), or
    without one.

    Without a donor it comes from ``payer_name``; when that is empty, from somebody unknown.
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
class PaymentReversed(Event):
    """A payment was recorded or matched wrongly and is reversed."""

    payment: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CashMoved(Event):
    """Cash of a fund is paid into the bank (positive) or drawn from it (negative)."""

    cash: int
    fund: str
    satang: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventHeld(Event):
    """A campaign with an event whose cash is counted, a donation box, envelopes and goods."""

    campaign: str
    fund: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpAudited(Event):
    """The auditor draws a sample of the help of some days before, and writes what was found."""

    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildRegistered(Event):
    """A case manager registers a child. With ``sibling_of`` the guardian is that child's;
    ``another_child`` says why it is another child than one of the same names and birth date.
    """

    child: int
    district: str
    facts: ChildFacts
    guardian_name: str
    guardian_phone: str
    relation: Relation
    consents: tuple[ConsentKind, ...]
    sibling_of: int | None = None
    another_child: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateDecided(Event):
    """A supervisor decides on a file that may be of a child who has one already."""

    child: int
    decision: DuplicateDecision
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn(Event):
    """A guardian withdraws a consent."""

    child: int
    kind: ConsentKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildClosed(Event):
    """A child's file is closed."""

    child: int
    reason: CloseReason


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpRequested(Event):
    """A case manager requests help, or submits a returned request again (``is_resubmission``).

    ``lines`` are numbers of children with the satang for each.
    """

    request: int
    fund: str
    need: Need
    reason: str
    payee: PayeeKind
    payee_name: str
    method: PayoutMethod
    lines: tuple[tuple[int, int], ...]
    is_resubmission: bool = False

    @property
    def total_satang(self) -> int:
        """The sum for all children."""
        return sum(satang for _, satang in self.lines)


class HelpDecision(StrEnum):
    """What is decided about a request before it is paid."""

    APPROVE = "approve"
    RETURN = "return"
    REJECT = "reject"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpDecided(Event):
    """An approver decides; with ``by_requester`` the case manager cancels the request."""

    request: int
    decision: HelpDecision
    reason: str = ""
    by_requester: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpPaid(Event):
    """An officer pays."""

    request: int
    paid_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofFiled(Event):
    """A guardian or school says by the link on the voucher whether the money came, or the
    supervisor files what they signed.
    """

    request: int
    outcome: ReceiptOutcome
    confirmed_by: str
    note: str = ""
    has_document: bool = False
    by_link: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementImported(Event):
    """An officer imports the statement of an account for some days, and matches its lines."""

    account: str
    from_on: date
    to_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthClosed(Event):
    """The books of a month are closed."""

    month_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresPublished(Event):
    """The worker publishes the figures of the months that are over."""
