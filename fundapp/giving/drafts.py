"""Pledges and payments before they are written: plain values."""

import hashlib
import json
from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import StrEnum

from fundapp.giving.models import ALL_PARTS, DonorKind, Frequency, Method, ShareUnit
from fundapp.giving.shares import ShareTerms
from fundapp.ledger import chart


@dataclass(frozen=True, slots=True)
class PledgeTerms:
    """The terms of a pledge that is to be made.

    ``amount_satang`` is the total of a counted pledge; with ``instalment_count`` None the pledge is
    open-ended and it is the amount each time. ``each_satang`` says what is given each time of a
    counted pledge, when the donor said it so; the total is then its multiple. ``donor_id`` names a
    known donor; otherwise the donor is found by ``email`` and name, or registered. ``payer_name``
    is that of whoever pays in the donor's place. ``shares`` says what each of several funds gets,
    the first of ``fund_code``: in satang that add up to the amount, or in hundredths of a percent
    (``share_unit``). The same ``idempotency_key`` twice with the same content makes one pledge.
    """

    amount_satang: int
    fund_code: str
    starts_on: date
    frequency: Frequency = Frequency.ONCE
    instalment_count: int | None = 1
    method: Method = Method.PROMPTPAY
    name: str = ""
    email: str | None = None
    is_anonymous: bool = False
    locale: str = "th"
    donor_id: int | None = None
    idempotency_key: str | None = None
    each_satang: int | None = None
    #: What the donor is; None for a form that was not told.
    kind: DonorKind | None = None
    phone: str | None = None
    in_honour_of: str = ""
    payer_name: str = ""
    shares: tuple[ShareTerms, ...] = ()
    share_unit: ShareUnit = ShareUnit.PERCENT

    @property
    def whole(self) -> int:
        """What the shares add up to."""
        return ALL_PARTS if self.share_unit is ShareUnit.PERCENT else self.amount_satang

    @property
    def digest(self) -> str:
        """SHA-256 of the content: all but the key, and the language that the page was in."""
        return _digest(self, "idempotency_key", "locale")


class GiftNews(StrEnum):
    """Why a gift is recorded, which its giver is told: money came, or a part of a gift stays while
    the rest goes back, or a refund that was confirmed is cancelled.
    """

    ARRIVED = "arrived"
    KEPT = "kept"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class IncomingPayment:
    """Money that arrived, and what is known about it.

    ``instalment_reference`` or ``pledge_id`` name the pledge that it pays; without them it is a
    gift to the fund ``fund_code``. ``donor_id`` names a known donor, else the pledge's donor gave
    it; without either a donor ``payer_name`` is registered, without a name it is the unknown
    giver's. A ``payer_name`` beside a known donor or a pledge must be that donor's. The same
    ``external_ref`` (a bank line, a form) twice with the same content is the same payment.
    ``booked_on`` is its day in the books when the month of ``received_on`` was closed before it was
    known. With ``lets_go`` the named instalment counts as paid although a little is missing, and a
    little more stays a surplus. ``parts`` says what each fund of the pledge gets, in satang, of
    money that is recorded anew (`sharing.parts_kept`); else it is shared out by the rule. ``news``
    is what the giver is told.
    """

    amount_satang: int
    received_on: date
    method: Method
    asset_account_code: str
    booked_on: date | None = None
    donor_id: int | None = None
    instalment_reference: str | None = None
    pledge_id: int | None = None
    fund_code: str | None = None
    is_anonymous: bool = False
    external_ref: str | None = None
    note: str = ""
    payer_name: str = ""
    lets_go: bool = False
    parts: tuple[ShareTerms, ...] = ()
    news: GiftNews = GiftNews.ARRIVED

    @property
    def is_of_refund(self) -> bool:
        """Whether it is recorded anew out of what a refunded gift is owed, so that nothing came."""
        return self.asset_account_code == chart.REFUNDS_PAYABLE

    @property
    def digest(self) -> str:
        """SHA-256 of the content: all but the external reference and what the giver is told."""
        return _digest(self, "external_ref", "news")


@dataclass(frozen=True, slots=True)
class GiverAccount:
    """The account of a giver into which a refund goes: a bank's three-digit code
    (``"promptpay"`` for PromptPay), a number, and in whose name it is.
    """

    bank_code: str
    number: str = field(repr=False)
    holder: str = field(repr=False)

    def to_text(self) -> str:
        """Bank and number in a line, to be encrypted."""
        return f"{self.bank_code}:{self.number}"


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
    ``donor_name`` the donor gave anonymously; ``donor_email`` finds a donor of that name and kind
    again; ``donor_id`` names a known donor.
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
    donor_id: int | None = None

    def of_donor(self, donor_id: int | None) -> "OlderPledge":
        """The same, given by this known donor."""
        return replace(self, donor_id=donor_id)

    @property
    def amount_satang(self) -> int:
        """The total of the gifts."""
        return sum(gift.amount_satang for gift in self.gifts)

    @property
    def hides_donor(self) -> bool:
        """Whether receipts and lists leave the donor's name out."""
        return self.is_anonymous or not self.donor_name


def _digest(draft: PledgeTerms | IncomingPayment, *left_out: str) -> str:
    names = (each.name for each in fields(draft))
    content = [getattr(draft, name) for name in names if name not in left_out]
    return hashlib.sha256(json.dumps(content, default=str).encode()).hexdigest()
