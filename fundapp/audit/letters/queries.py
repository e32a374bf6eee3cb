"""Letters and their answers."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload

from fundapp import clock
from fundapp.audit.letters.keys import is_letter_key
from fundapp.audit.letters.models import (
    NUMBER_PREFIX,
    AuditLetter,
    LetterAnswer,
    LetterReply,
    Party,
)
from fundapp.audit.samples.models import Sample
from fundapp.audit.samples.queries import get_sample
from fundapp.db import db
from fundapp.disbursements.models import DisbursementRequest, Payout
from fundapp.errors import NotFoundError
from fundapp.giving.models import Donor, Payment
from fundapp.ids import from_readable
from fundapp.labels import LabelledEnum
from fundapp.markers import N_

#: After so long without an answer a letter is followed up.
ANSWERED_WITHIN = timedelta(days=30)
#: So many are listed of all samples.
MOST_SHOWN = 200


class LetterState(LabelledEnum):
    """How far a letter is."""

    MADE = "made", N_("Not sent"), "neutral"
    SENT = "sent", N_("Sent"), "info"
    SILENT = "silent", N_("No answer for 30 days"), "warn"
    AGREES = "agrees", N_("Agrees"), "good"
    DIFFERS = "differs", N_("Says otherwise"), "bad"


@dataclass(frozen=True, slots=True)
class AskedParty:
    """Whom a letter asks: the donor of a payment, or the payee of a request."""

    id: int
    party: Party
    satang: int
    day: date


def state_of(letter: AuditLetter) -> LetterState:
    """How far the letter is today."""
    reply = letter.reply
    if reply is not None:
        is_same = reply.answer is LetterAnswer.AGREES
        return LetterState.AGREES if is_same else LetterState.DIFFERS
    sent = sent_state_of(letter)
    is_silent = letter.sent_on is not None and letter.sent_on < clock.today() - ANSWERED_WITHIN
    return LetterState.SILENT if is_silent else sent


def sent_state_of(letter: AuditLetter) -> LetterState:
    """Whether the letter was sent, whatever was answered."""
    return LetterState.MADE if letter.sent_on is None else LetterState.SENT


def list_letters(sample_number: str) -> tuple[Sample, list[AuditLetter]]:
    """A sample and its letters, in the order of its items; NotFoundError."""
    sample = get_sample(sample_number)
    statement = (
        select(AuditLetter)
        .where(AuditLetter.sample_id == sample.id)
        .order_by(AuditLetter.position)
        .options(selectinload(AuditLetter.replies), selectinload(AuditLetter.item))
    )
    return sample, list(db.session.scalars(statement))


def list_newest_letters() -> list[AuditLetter]:
    """Letters of all samples, the newest first."""
    return _list_newest()


def _list_newest(*conditions: ColumnElement[bool]) -> list[AuditLetter]:
    statement = (
        select(AuditLetter)
        .where(*conditions)
        .order_by(AuditLetter.id.desc())
        .limit(MOST_SHOWN)
        .options(selectinload(AuditLetter.replies), selectinload(AuditLetter.item))
    )
    return list(db.session.scalars(statement))


def list_followed_up_letters() -> list[AuditLetter]:
    """Letters whose answer differs, or that nobody answered in time, of all samples and however
    old; the newest first.
    """
    newest = (
        select(LetterReply.answer)
        .where(LetterReply.letter_id == AuditLetter.id)
        .order_by(LetterReply.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    is_silent = newest.is_(None) & (AuditLetter.sent_on < clock.today() - ANSWERED_WITHIN)
    return _list_newest((newest == LetterAnswer.DIFFERS) | is_silent)


def get_letter(number: str) -> AuditLetter:
    """The letter with this number; NotFoundError."""
    letter = db.session.get(AuditLetter, from_readable(number, NUMBER_PREFIX) or 0)
    if letter is None:
        raise NotFoundError
    return letter


def sample_number_of(letter: AuditLetter) -> str:
    """The number of the sample that a letter is about."""
    return db.session.get_one(Sample, letter.sample_id).number


def get_letter_of_key(number: str, key: str) -> AuditLetter:
    """The letter for whoever holds its paper; NotFoundError for a wrong key as well."""
    letter = get_letter(number)
    if not is_letter_key(letter.number, key):
        raise NotFoundError
    return letter


def find_source(entry_id: int) -> AskedParty | None:
    """Whom the entry can be asked about: its donor, if the fund knows one, or the payee of a
    payout.
    """
    gift = db.session.execute(
        select(Payment.id, Payment.amount_satang, Payment.received_on, Donor)
        .join(Donor, Donor.id == Payment.donor_id)
        .where(Payment.journal_entry_id == entry_id)
        .limit(1)
    ).first()
    if gift is not None:
        payment_id, satang, day, donor = gift
        return None if donor.is_unknown else AskedParty(payment_id, Party.DONOR, satang, day)
    payout = db.session.scalar(select(Payout).where(Payout.journal_entry_id == entry_id))
    if payout is None:
        return None
    return AskedParty(payout.id, Party.PAYEE, payout.amount_satang, payout.paid_on)


def donor_of(letter: AuditLetter) -> Donor:
    """The donor whom a letter asks."""
    return db.session.scalars(
        select(Donor)
        .join(Payment, Payment.donor_id == Donor.id)
        .where(Payment.id == letter.source_id)
    ).one()


def request_of(letter: AuditLetter) -> DisbursementRequest:
    """The request whose payee a letter asks."""
    return db.session.scalars(
        select(DisbursementRequest)
        .join(Payout, Payout.request_id == DisbursementRequest.id)
        .where(Payout.id == letter.source_id)
    ).one()
