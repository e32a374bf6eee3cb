"""Making letters, noting that they were sent, recording answers, and reading whom they name."""

from datetime import date

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.audit.letters.drafts import ReplyDraft
from fundapp.audit.letters.errors import (
    AlreadyAnsweredError,
    NobodyToAskError,
    ReplyAmountError,
    SampleNotDrawnError,
    SentAlreadyError,
    SentDayError,
)
from fundapp.audit.letters.models import AuditLetter, LetterAnswer, LetterReply, Party, ReplyWay
from fundapp.audit.letters.policy import (
    may_answer_letter,
    may_keep_letters,
    may_read_letters,
    may_send_letters,
)
from fundapp.audit.letters.queries import (
    donor_of,
    find_source,
    get_letter,
    get_letter_of_key,
    list_letters,
    request_of,
)
from fundapp.children.models import Purpose
from fundapp.children.reader import Reader
from fundapp.db import db, lock
from fundapp.disbursements.queries.visibility import shown_parts
from fundapp.disbursements.reader import payee_name_of
from fundapp.errors import StaleError
from fundapp.remarks.models import RemarkKind
from fundapp.remarks.steps import write_remark
from fundapp.trail.operations import record_event

#: What the trail and remarks call a letter.
SUBJECT_TYPE = "audit_letter"


def make_letters(sample_number: str, *, actor: Actor) -> list[AuditLetter]:
    """Make a letter for each item of a drawn sample that somebody can be asked about; those that
    are there stay. Raises ForbiddenError, NotFoundError, SampleNotDrawnError and NobodyToAskError.
    """
    require(may_keep_letters(actor))
    sample, known = list_letters(sample_number)
    if not sample.items:
        raise SampleNotDrawnError
    positions = {letter.position for letter in known}
    made = []
    for item in sample.items:
        source = find_source(item.entry_id)
        if source is None or item.position in positions:
            continue
        letter = AuditLetter(
            sample_id=sample.id,
            position=item.position,
            party=source.party,
            source_id=source.id,
            amount_satang=source.satang,
            happened_on=source.day,
            made_by=actor.ref,
            made_at=clock.now(),
        )
        db.session.add(letter)
        made.append(letter)
    if not made and not known:
        raise NobodyToAskError
    db.session.flush()
    for letter in made:
        _record("make", letter, actor)
    return made


def note_sent(number: str, sent_on: date, *, actor: Actor) -> AuditLetter:
    """Note that the letter went out. Raises ForbiddenError, NotFoundError, SentDayError, and
    SentAlreadyError when it is noted for another day.
    """
    require(may_send_letters(actor))
    letter = _lock(number)
    if letter.sent_on not in {None, sent_on}:
        raise SentAlreadyError(field="sent_on")
    if not clock.local_day(letter.made_at) <= sent_on <= clock.today():
        raise SentDayError(field="sent_on")
    if letter.sent_on is None:
        letter.sent_on, letter.sent_by = sent_on, actor.ref
        db.session.flush()
        _record("send", letter, actor)
    return letter


def record_reply(number: str, draft: ReplyDraft, *, version: int, actor: Actor) -> AuditLetter:
    """Record an answer that came otherwise than by the link; ``version`` is that of the
    letter as the actor saw it, so a form that is sent twice records one answer. Raises
    ForbiddenError, NotFoundError, StaleError and ReplyAmountError.
    """
    require(may_keep_letters(actor))
    letter = _lock(number)
    if letter.version != version:
        raise StaleError
    return _reply(letter, draft, ReplyWay.HAND, actor)


def reply_by_link(number: str, key: str, draft: ReplyDraft, *, actor: Actor) -> AuditLetter:
    """Answer a letter with the key on its paper, once. Raises ForbiddenError, NotFoundError,
    AlreadyAnsweredError and ReplyAmountError.
    """
    require(may_answer_letter(actor))
    letter = _lock(get_letter_of_key(number, key).number)
    if any(reply.way is ReplyWay.LINK for reply in letter.replies):
        raise AlreadyAnsweredError
    return _reply(letter, draft, ReplyWay.LINK, actor)


def addressee_of(number: str, *, actor: Actor) -> str:
    """The name to print on a letter; empty for a payee whom the actor may not be shown. Of a payee
    it is a read of the request's children. Raises ForbiddenError and NotFoundError.
    """
    require(may_read_letters(actor))
    letter = get_letter(number)
    if letter.party is Party.DONOR:
        return donor_of(letter).name
    request = request_of(letter)
    if not shown_parts(actor, request, clock.today()).payee:
        return ""
    return payee_name_of(request, Reader(actor, Purpose.CONFIRMATION))


def _reply(letter: AuditLetter, draft: ReplyDraft, way: ReplyWay, actor: Actor) -> AuditLetter:
    differs = draft.answer is LetterAnswer.DIFFERS
    if differs and draft.satang is None:
        raise ReplyAmountError(field="amount")
    digest = None
    if draft.words:
        digest = write_remark(
            draft.words,
            kind=RemarkKind.AUDIT,
            subject_type=SUBJECT_TYPE,
            subject_ref=letter.number,
            actor=actor,
        ).digest
    db.session.add(
        LetterReply(
            letter_id=letter.id,
            number=len(letter.replies) + 1,
            answer=draft.answer,
            amount_satang=draft.satang if differs else None,
            words_digest=digest,
            way=way,
            recorded_by=actor.ref if way is ReplyWay.HAND else "",
            recorded_at=clock.now(),
        )
    )
    db.session.flush()
    db.session.expire(letter, ["replies"])
    _record("answer", letter, actor)
    return letter


def _lock(number: str) -> AuditLetter:
    letter = lock(select(AuditLetter).where(AuditLetter.id == get_letter(number).id))
    if letter is None:
        raise RuntimeError("a letter was deleted")
    return letter


def _record(verb: str, letter: AuditLetter, actor: Actor) -> None:
    record_event(
        f"audit:letter:{verb}", actor=actor, subject_type=SUBJECT_TYPE, subject_ref=letter.number
    )
