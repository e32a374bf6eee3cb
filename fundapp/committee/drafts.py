"""Orders and meetings before anything is written: plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fundapp.committee.models import MeetingKind


@dataclass(frozen=True, slots=True)
class SeatDraft:
    """A member and the substitute ("": none), public ids of users."""

    member: str
    substitute: str = ""


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """An appointment order; the first seat is the chair's. ``document``: public id of the paper."""

    number: str
    starts_on: date
    ends_on: date
    quorum: int
    seats: Sequence[SeatDraft]
    document: str


@dataclass(frozen=True, slots=True)
class MeetingDraft:
    """A meeting to be planned."""

    kind: MeetingKind
    held_on: date
    place: str
