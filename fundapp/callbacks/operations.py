"""Setting rules of receipts, drawing payments, recording calls, and reminding of proofs."""

import secrets
from datetime import date, timedelta

from sqlalchemy import insert, select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.access.permissions import Role
from fundapp.callbacks import queries
from fundapp.callbacks.drafts import AnswerDraft, ReceiptRulesDraft
from fundapp.callbacks.drawing import draw_vouchers, population_hash, sample_size
from fundapp.callbacks.emails import overdue_proofs, words_of_concern
from fundapp.callbacks.errors import (
    CallDayError,
    CallerError,
    CallWordsError,
    MonthToDrawError,
    ReachedError,
)
from fundapp.callbacks.locking import lock_draws
from fundapp.callbacks.models import (
    Callback,
    CallbackAnswer,
    CallbackDraw,
    CallbackOutcome,
    ProofReminder,
    ReceiptRules,
)
from fundapp.callbacks.policy import (
    may_call_back,
    may_draw_callbacks,
    may_remind_of_proofs,
    may_set_receipt_rules,
)
from fundapp.callbacks.steps import check_receipt_rules
from fundapp.concerns.models import ConcernKind
from fundapp.concerns.operations import tell_concern
from fundapp.concerns.queries import find_concern_of_key
from fundapp.db import db, lock
from fundapp.disbursements.entry_drafts import SOURCE_TYPE
from fundapp.disbursements.steps import require_no_names
from fundapp.errors import FormUsedError
from fundapp.identity.models import User
from fundapp.identity.queries import list_people
from fundapp.ids import new_id
from fundapp.ledger.drafts import public_memo
from fundapp.ledger.periods import month_start
from fundapp.mail.operations import queue_message
from fundapp.proposals.models import Proposal
from fundapp.remarks.models import RemarkKind
from fundapp.remarks.steps import write_remark
from fundapp.trail.operations import record_event

#: What the trail calls rules of receipts, months drawn and call-backs.
RULES_TYPE, DRAW_TYPE, CALLBACK_TYPE = "receipt-rules", "callback_draw", "callback"
#: The language of the office.
_LOCALE = "th"


def set_receipt_rules(
    draft: ReceiptRulesDraft, proposal: Proposal, *, actor: Actor
) -> ReceiptRules:
    """Record rules of receipts; ``actor`` confirmed what another administrator proposed. Raises
    ForbiddenError and what `check_receipt_rules` raises.
    """
    require(may_set_receipt_rules(actor))
    check_receipt_rules(draft)
    rules = ReceiptRules(
        id=new_id(),
        starts_on=draft.starts_on,
        percent=draft.percent,
        fewest=draft.fewest,
        overdue_days=draft.overdue_days,
        supervisor_days=draft.supervisor_days,
        confirmed_by_id=actor.person_id,
        proposal_id=proposal.id,
        recorded_at=clock.now(),
    )
    db.session.add(rules)
    db.session.flush()
    _record("callbacks:rules:set", RULES_TYPE, draft.starts_on.isoformat(), actor)
    return rules


def draw_callbacks(month: date | None = None, *, actor: Actor) -> list[CallbackDraw]:
    """Draw from the payments of the month of this day, or of every month that is over and was not
    drawn; each once. Raises ForbiddenError and MonthToDrawError.
    """
    require(may_draw_callbacks(actor))
    lock_draws()
    waiting = queries.months_to_draw()
    if month is not None:
        if month_start(month) not in waiting:
            raise MonthToDrawError(field="month")
        waiting = [month_start(month)]
    return [_draw(each, actor) for each in waiting]


def _draw(month: date, actor: Actor) -> CallbackDraw:
    _begin, end = queries.month_bounds(month)
    rules = queries.find_receipt_rules(clock.local_day(end) - timedelta(days=1))
    payments = dict(queries.list_payments(month))
    if rules is None:
        raise MonthToDrawError(field="month")
    vouchers, seed = list(payments), secrets.token_hex(16)
    size = sample_size(len(vouchers), rules.percent, rules.fewest)
    draw = CallbackDraw(
        id=new_id(),
        month_on=month,
        rules_id=rules.id,
        seed=seed,
        population_count=len(vouchers),
        population_sha256=population_hash(vouchers),
        drawn_count=size,
        drawn_by=actor.ref,
        drawn_at=clock.now(),
    )
    db.session.add(draw)
    db.session.flush()
    rows = [
        {"id": new_id(), "draw_id": draw.id, "position": position, "payout_id": payments[voucher]}
        for position, voucher in enumerate(draw_vouchers(vouchers, size, seed), start=1)
    ]
    db.session.execute(insert(Callback), rows)
    _record("callbacks:draw:make", DRAW_TYPE, f"{month:%Y-%m}", actor)
    return draw


def record_call(number: str, draft: AnswerDraft, *, key: str, actor: Actor) -> Callback:
    """Record what a call gave; ``key`` makes it happen once. "Not received" tells a concern.

    The words are a remark on the request, which is erased with its other words. Raises
    NotFoundError, CallerError, ReachedError, CallDayError, CallWordsError, NamedError,
    PersonalDataError, FormUsedError.
    """
    callback = queries.get_callback(number, viewer=actor)
    lock(select(Callback.id).where(Callback.id == callback.id))
    known = queries.find_answer_of_key(key)
    if known is not None:
        if known.callback_id != callback.id:
            raise FormUsedError
        return callback
    db.session.refresh(callback, ["answers"])
    if callback.is_reached:
        raise ReachedError
    if not may_call_back(actor, callback):
        raise CallerError
    if not callback.payout.paid_on <= draft.called_on <= clock.today():
        raise CallDayError(field="called_on")
    is_problem = draft.outcome is CallbackOutcome.NOT_RECEIVED
    if is_problem and not draft.words:
        raise CallWordsError(field="words")
    answer = CallbackAnswer(
        id=new_id(),
        callback_id=callback.id,
        outcome=draft.outcome,
        called_on=draft.called_on,
        words_digest=_write_words(callback, draft.words, actor),
        concern_id=_tell(callback, key, actor) if is_problem else None,
        called_by_id=actor.person_id,
        recorded_at=clock.now(),
        idempotency_key=key,
    )
    callback.answers.append(answer)
    _record(f"callbacks:callback:{draft.outcome.value}", CALLBACK_TYPE, callback.number, actor)
    db.session.flush()
    return callback


def remind_of_proofs(*, actor: Actor) -> int:
    """Write to everybody who has overdue proofs of receipt to see to, once a week each; how many
    messages. Raises ForbiddenError.
    """
    require(may_remind_of_proofs(actor))
    lock_draws()
    today = clock.today()
    if queries.find_receipt_rules(today) is None:
        return 0
    people = list_people(Role.CASE_MANAGER, Role.SUPERVISOR)
    return sum(_remind(person, today, actor) for person in people)


def _remind(person: User, today: date, actor: Actor) -> bool:
    monday = today - timedelta(days=today.weekday())
    if db.session.get(ProofReminder, (person.id, monday)) is not None:
        return False
    count = queries.count_overdue_proofs(person.as_actor(), today)
    if not count:
        return False
    at = clock.now()
    db.session.add(
        ProofReminder(user_id=person.id, week_on=monday, request_count=count, queued_at=at)
    )
    db.session.flush()
    return queue_message(overdue_proofs(person, count), actor=actor)


def _write_words(callback: Callback, words: str, actor: Actor) -> bytes | None:
    if not words:
        return None
    cleaned = public_memo(words, field="words").strip()
    require_no_names(callback.request, cleaned, "words", actor)
    remark = write_remark(
        cleaned,
        kind=RemarkKind.CALLBACK,
        subject_type=SOURCE_TYPE,
        subject_ref=callback.request.public_id,
        about_child=True,
        actor=actor,
    )
    return remark.digest


def _tell(callback: Callback, key: str, actor: Actor) -> int:
    """The id of the concern that names the call-back and the request, and nobody."""
    words, own_key = words_of_concern(callback), f"callback:{key}"
    tell_concern(ConcernKind.HELP, words, locale=_LOCALE, key=own_key, actor=actor)
    concern = find_concern_of_key(own_key)
    if concern is None:
        raise RuntimeError("a concern that was just told is not there")
    return concern.id


def _record(verb: str, subject_type: str, ref: str, actor: Actor) -> None:
    record_event(verb, actor=actor, subject_type=subject_type, subject_ref=ref)
