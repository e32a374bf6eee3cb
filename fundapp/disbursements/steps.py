"""Steps that operations on a request share: refuse what is not possible or allowed now, and put
the request into its next state.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.children.models import Child, ChildStatus, ConsentKind, Purpose
from fundapp.children.name_guard import require_no_child_named
from fundapp.children.policy import has_consent, may_receive_help
from fundapp.children.reader import Reader
from fundapp.db import db
from fundapp.disbursements.drafts import ChildAmount, HelpRulesDraft
from fundapp.disbursements.entry_drafts import SOURCE_TYPE
from fundapp.disbursements.errors import (
    AccountNotVerifiedError,
    BandsError,
    BankReferenceError,
    CapsError,
    FactsChangedError,
    InterestDeclaredError,
    NamedError,
    NoConsentError,
    NoSensitiveConsentError,
    NotYoursError,
    NoZakatConsentError,
    OverChildCapError,
    OverHouseholdCapError,
    PayeeLeftFileError,
    PayeeNotOnFileError,
    PaymentStoppedError,
    ReasonMissingError,
    ResetTogetherError,
    RulesDayError,
    ThreePeopleError,
    VerifierError,
    WaitingFileError,
    WrongStateError,
)
from fundapp.disbursements.facts import current_facts
from fundapp.disbursements.models import (
    FEWEST_APPROVERS,
    MOST_APPROVERS,
    MOST_BANDS,
    DisbursementRequest,
    Interest,
    Need,
    PayeeKind,
    ReceiptLink,
    RequestBeforeChecks,
    RequestInterest,
    RequestStatus,
)
from fundapp.disbursements.payees import find_on_file, is_payee_on_file
from fundapp.disbursements.policy import (
    all_approvers,
    allows_help,
    current_check,
    is_recused,
    is_verifier,
    needs_check,
)
from fundapp.disbursements.queries.help_rules import find_cap_shares, list_help_rules
from fundapp.disbursements.reader import children_of
from fundapp.disbursements.stops import find_stops, is_released
from fundapp.disbursements.workflow import Action, next_status
from fundapp.errors import RuleError
from fundapp.identity.queries import public_ids_of
from fundapp.ledger.drafts import public_memo
from fundapp.ledger.models import Fund
from fundapp.money import format_baht
from fundapp.proposals.resets import were_reset_together
from fundapp.remarks.models import ReasonCode, Remark, RemarkKind
from fundapp.remarks.steps import write_remark
from fundapp.trail.operations import record_event

#: Children whom a refusal names.
_NAMED = 50
#: Letters, digits and signs without a space.
_BANK_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_:-]{0,59}")


def require_action(request: DisbursementRequest, action: Action) -> RequestStatus:
    """The state that ``action`` leads to; WrongStateError when it is not possible now."""
    status = next_status(request.status, action)
    if status is None:
        raise WrongStateError
    return status


def require_allowed(is_allowed: bool, actor: Actor, request: DisbursementRequest) -> None:
    """Refuse the actor unless ``is_allowed``: InterestDeclaredError after declaring an interest in
    it, VerifierError after verifying its bank details, ThreePeopleError when the actor asked for
    the request or decided on it, else NotYoursError.
    """
    if is_allowed:
        return
    if is_recused(actor, request):
        raise InterestDeclaredError
    if is_verifier(actor, request):
        raise VerifierError
    taken = {request.requested_by_id, *(approval.approver_id for approval in request.approvals)}
    raise ThreePeopleError if actor.user_id in taken else NotYoursError


def require_separate_hands(request: DisbursementRequest, actor: Actor) -> None:
    """ResetTogetherError when the same administrator reset the sign-ins of the actor and of whoever
    asked for the request, verified its bank details or approved it, on paper and a short while ago:
    the administrator may be both.
    """
    require_separate_hands_of([request], actor)


def require_separate_hands_of(requests: Iterable[DisbursementRequest], actor: Actor) -> None:
    """The same for all people of many requests at once."""
    others: set[int] = set()
    for request in requests:
        others |= {request.requested_by_id} | all_approvers(request)
        check = current_check(request)
        if check is not None:
            others.add(check.checked_by_id)
    if were_reset_together(actor.ref, *public_ids_of(others)):
        raise ResetTogetherError


def require_same_facts(request: DisbursementRequest, reader: Reader) -> None:
    """FactsChangedError unless the request is, bit for bit, what was sent in.

    The comparison decrypts the payee and the reason, which is recorded as a read by the actor.
    """
    if current_facts(request, reader) != request.facts_sha256:
        raise FactsChangedError


def require_consents(children: Iterable[Child], need: Need, fund: Fund) -> None:
    """WaitingFileError while a supervisor has to decide whether a child has another file;
    NoConsentError unless the fund is working with each child and may keep its file today;
    NoSensitiveConsentError and NoZakatConsentError when the help says something of health or
    religion, to which nobody has consented.
    """
    day = clock.today()
    wrong: dict[type[RuleError], list[str]] = {}
    for child in children:
        if child.status is ChildStatus.WAITING:
            wrong.setdefault(WaitingFileError, []).append(child.code)
        elif not may_receive_help(child, day):
            wrong.setdefault(NoConsentError, []).append(child.code)
        elif need is Need.HEALTH and not has_consent(child, ConsentKind.SENSITIVE_FACTS, day):
            wrong.setdefault(NoSensitiveConsentError, []).append(child.code)
        elif not allows_help(child, need, fund, day):
            wrong.setdefault(NoZakatConsentError, []).append(child.code)
    for error, codes in wrong.items():
        raise error(field="lines", params={"code": first_codes(codes)})


def first_codes(codes: list[str]) -> str:
    """The codes that a refusal names; of very many the first."""
    return ", ".join(codes[:_NAMED]) + (", …" if len(codes) > _NAMED else "")


def require_within_caps(
    shares: Sequence[ChildAmount], asked_at: datetime, request_id: int | None = None
) -> None:
    """OverCapError when a child or a household would get more than the rules of help allow in the
    fiscal year of ``asked_at``, with what is asked for, approved and paid by other requests.
    """
    for share in find_cap_shares(shares, asked_at, request_id):
        if share.left_satang < 0:
            error = OverChildCapError if share.is_child else OverHouseholdCapError
            params = {
                "code": share.code,
                "cap": format_baht(share.cap_satang),
                "left": format_baht(max(0, share.cap_satang - share.before_satang)),
            }
            raise error(field="lines", params=params)


def check_help_rules(draft: HelpRulesDraft) -> None:
    """Raise RulesDayError, BandsError, CapsError for rules that may not be."""
    taken = {each.starts_on for each in list_help_rules()}
    if draft.starts_on < clock.today() or draft.starts_on in taken:
        raise RulesDayError(field="starts_on")
    amounts = [satang for satang, _approvers in draft.bands]
    people = [approvers for _satang, approvers in draft.bands]
    is_rising = amounts == sorted(set(amounts)) and people == sorted(set(people))
    is_in_range = all(FEWEST_APPROVERS <= each <= MOST_APPROVERS for each in people)
    if not (is_rising and is_in_range and len(draft.bands) <= MOST_BANDS):
        raise BandsError(field="from_1")
    child, household = draft.child_cap_satang, draft.household_cap_satang
    if child is not None and household is not None and household < child:
        raise CapsError(field="household_cap")


def name_on_file(children: Iterable[Child], kind: PayeeKind, name: str, actor: Actor) -> str:
    """The payee as a file of the children names it; PayeeNotOnFileError."""
    found, known = find_on_file(children, kind, name, Reader(actor, Purpose.REQUEST_FORM))
    if found is None:
        names = ", ".join(known) or "–"
        raise PayeeNotOnFileError(field="payee_name", params={"names": names})
    return found


def require_payee_on_file(request: DisbursementRequest, reader: Reader) -> None:
    """PayeeLeftFileError when the guardian or school that takes the money is on no file now."""
    if not is_payee_on_file(request, reader):
        raise PayeeLeftFileError


def require_not_stopped(request: DisbursementRequest, reader: Reader) -> None:
    """PaymentStoppedError when something happened since the approval and no approver let it go."""
    stops = find_stops(request, clock.today(), reader)
    if stops and not is_released(request, stops):
        raise PaymentStoppedError


def require_verified_account(request: DisbursementRequest, *, is_sent: bool = False) -> None:
    """AccountNotVerifiedError unless somebody verified the bank details as they are now. What
    ``is_sent`` may have been with the bank before that was asked for.
    """
    is_before = is_sent and db.session.get(RequestBeforeChecks, request.id) is not None
    if needs_check(request) and not is_before:
        raise AccountNotVerifiedError(params={"number": request.number})


def require_reason(reason: str) -> str:
    """The reason, cleaned. Its words can be erased, but more people read them than may know the
    child, so they hold no number and no address of anybody.

    Raises ReasonMissingError, PersonalDataError.
    """
    cleaned = public_memo(reason, field="reason").strip()
    if not cleaned:
        raise ReasonMissingError(field="reason")
    return cleaned


def require_bank_number(text: str) -> None:
    """BankReferenceError unless the text is empty or a number as banks give them: it stays on a row
    that nobody changes.
    """
    if text and not (_BANK_NUMBER.fullmatch(text) and any(map(str.isdigit, text))):
        raise BankReferenceError(field="bank_reference")


def require_no_names(request: DisbursementRequest, text: str, field: str, actor: Actor) -> None:
    """NamedError, which quotes the words, when a text that more people read than may know the child
    names a child of the request, a guardian or the payee; ChildNamedError for the full name of any
    other child.
    """
    payee = (request, "payee_name_encrypted")
    words = Reader(actor, Purpose.DECISION).quote_names(text, children_of(request), payee)
    if words is not None:
        raise NamedError(field=field, params={"words": words})
    require_no_child_named(text, field=field)


def write_reason(
    request: DisbursementRequest,
    reason: str,
    code: ReasonCode,
    kind: RemarkKind,
    actor: Actor,
    field: str = "reason",
) -> Remark:
    """The reason of what the actor does with the request, as a remark; NamedError and
    ChildNamedError of the ``field``.
    """
    require_no_names(request, reason, field, actor)
    return write_remark(
        reason,
        kind=kind,
        code=code,
        subject_type=SOURCE_TYPE,
        subject_ref=request.public_id,
        about_child=True,
        actor=actor,
    )


def end_receipt_link(request: DisbursementRequest) -> None:
    """End the link on the voucher that was printed last, if it is open: there is another voucher,
    or what this one paid did not reach the payee, who may be another next time.
    """
    is_open = (ReceiptLink.request_id == request.id) & ReceiptLink.ended_at.is_(None)
    link = db.session.scalar(select(ReceiptLink).where(is_open))
    if link is not None:
        link.ended_at = clock.now()
        db.session.flush()


def move_on(
    request: DisbursementRequest, status: RequestStatus, *, verb: str, actor: Actor, note: str = ""
) -> None:
    """Put the request into ``status``, raise its version and write the trail."""
    request.status = status
    request.version += 1
    record_event(
        f"disbursements:request:{verb}",
        actor=actor,
        subject_type=SOURCE_TYPE,
        subject_ref=request.public_id,
        note=note,
    )
    db.session.flush()


def note_interest(request: DisbursementRequest, user_id: int, interest: Interest) -> None:
    """Write an interest that somebody declared, here or in the committee. Who asked decides nothing
    anyhow; twice is once.
    """
    is_known = any(each.user_id == user_id for each in request.interests)
    if is_known or user_id == request.requested_by_id:
        return
    request.interests.append(
        RequestInterest(
            user_id=user_id,
            requested_by_id=request.requested_by_id,
            interest=interest,
            declared_at=clock.now(),
        )
    )
    db.session.flush()
