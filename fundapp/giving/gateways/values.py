"""What giving asks of a card processor and is told by it, in words of no processor."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from fundapp.errors import RuleError
from fundapp.giving.models import Method, MovementKind, RefundStatus
from fundapp.markers import N_

#: Where the application keeps its `CardGateway`; none when no key is set.
GATEWAY = "card_gateway"


class ProcessorAwayError(RuleError):
    """The processor cannot be reached, or does not answer as it should."""

    message = N_(
        "The card processor does not answer at this moment. Nothing was taken from you. Try again "
        "in a few minutes, or pay another way."
    )


class NoticeRefusedError(Exception):
    """A notice without the processor's signature, or one that is too old."""


@dataclass(frozen=True, slots=True)
class CheckoutOrder:
    """A page on which a donor is to pay. ``ref`` comes back with the payment; the same ``key``
    twice is the same page. The return address has ``{CHECKOUT_SESSION_ID}`` in it.
    """

    ref: str
    key: str
    amount_satang: int
    title: str
    email: str | None
    locale: str
    return_url: str
    cancel_url: str
    expires_at: datetime
    #: The card is kept, to be charged again without the donor.
    keeps_card: bool = False


@dataclass(frozen=True, slots=True)
class ChargeOrder:
    """A charge to a card that was kept; the same ``key`` twice is the same charge."""

    ref: str
    key: str
    amount_satang: int
    customer_id: str
    card_id: str


@dataclass(frozen=True, slots=True)
class CheckoutPage:
    """The page at the processor; ``intent_id`` is its payment, once somebody pays."""

    session_id: str
    url: str
    is_open: bool
    is_expired: bool
    ref: str
    intent_id: str | None


@dataclass(frozen=True, slots=True)
class MovementFacts:
    """A movement of the balance: satang before the fee, and the fee; less than 0 is out."""

    movement_id: str
    kind: MovementKind
    amount_satang: int
    fee_satang: int
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """A refund as it is now; ``ref`` is that of its order, empty for one that was made there."""

    refund_id: str
    ref: str
    status: RefundStatus


@dataclass(frozen=True, slots=True)
class RefundCall:
    """A refund that is asked for; the same ``key`` twice is the same refund. ``email`` is where the
    processor asks for the giver's bank account, if it needs one.
    """

    ref: str
    key: str
    intent_id: str
    amount_satang: int
    email: str | None


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """A payment at the processor as it is now, with every movement that it made so far, the
    earliest first. ``ref`` is that of its order, empty for one that was not made here. What is not
    in baht is nothing that was asked for.
    """

    intent_id: str
    ref: str
    amount_satang: int
    method: Method
    is_paid: bool
    paid_at: datetime
    movements: tuple[MovementFacts, ...]
    customer_id: str | None = None
    card_id: str | None = None
    refunds: tuple[RefundFacts, ...] = ()
    is_baht: bool = True


@dataclass(frozen=True, slots=True)
class PayoutItem:
    """A movement that a payout is made of; ``intent_id`` is None for a fee of no payment."""

    movement_id: str
    intent_id: str | None
    net_satang: int
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class PayoutFacts:
    """What the processor pays into the bank."""

    payout_id: str
    amount_satang: int
    is_paid: bool
    arrives_on: date
    items: tuple[PayoutItem, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """That something happened to ``subject``: the id of a page, payment or payout, or empty. When a
    payment failed, ``failed_ref`` is the ``ref`` of the page on which it was tried.
    """

    notice_id: str
    kind: str
    subject: str
    happened_at: datetime
    failed_ref: str = ""


class CardGateway(Protocol):
    """A card processor. Every method but `read_notice` raises ProcessorAwayError."""

    def open_checkout(self, order: CheckoutOrder) -> CheckoutPage:
        """Make the page that an order asks for."""

    def find_checkout(self, session_id: str) -> CheckoutPage:
        """The page as it is now."""

    def close_checkout(self, session_id: str) -> None:
        """Let nobody pay on the page any more, if it is still open."""

    def charge_card(self, order: ChargeOrder) -> str | None:
        """Charge a card that was kept: the payment, or None when the card is refused."""

    def refund(self, call: RefundCall) -> bool:
        """Give money back; False when the processor refuses it."""

    def find_payment(self, intent_id: str) -> PaymentFacts:
        """The payment as it is now."""

    def find_payout(self, payout_id: str) -> PayoutFacts:
        """The payout as it is now."""

    def read_notice(self, body: bytes, signature: str) -> Notice:
        """The notice of a request; NoticeRefusedError unless the processor signed it lately."""

    def list_notices(self, since: datetime) -> Iterable[Notice]:
        """All that it told since then, whether it arrived or not."""

    def is_page(self, subject: str) -> bool:
        """Whether this is the id of a page."""

    def is_payout(self, subject: str) -> bool:
        """Whether this is the id of a payout."""
