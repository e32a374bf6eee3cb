"""Making instalments of a request, showing that conditions hold, deciding on that, and waiving."""

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.aid_plans import queries
from fundapp.aid_plans.drafts import AidRulesDraft, SplitDraft
from fundapp.aid_plans.errors import (
    FactDecidedError,
    FactNotYoursError,
    FactPaperError,
    FactPercentError,
    FirstDayError,
    InstalmentsMadeError,
    NoSuchTermError,
    SplitNumberError,
    VisitMissingError,
)
from fundapp.aid_plans.models import (
    MOST_INSTALMENTS,
    AidFact,
    AidInstalment,
    AidPlan,
    AidRules,
    AidTerm,
    AidTermKind,
    AidWaiver,
)
from fundapp.aid_plans.policy import (
    approved_together,
    may_agree_to_waiver,
    may_approve_plan,
    may_decide_fact,
    may_record_fact,
    may_set_aid_rules,
    may_split,
    may_waive,
    waiting_version,
)
from fundapp.aid_plans.steps import check_aid_rules, is_open_term
from fundapp.children.models import Purpose
from fundapp.children.reader import Reader
from fundapp.db import db, lock
from fundapp.disbursements.drafts import LineDraft, RequestDraft
from fundapp.disbursements.errors import NotYoursError
from fundapp.disbursements.locking import lock_request
from fundapp.disbursements.models import Decision, DisbursementRequest
from fundapp.disbursements.operations import decide_request, submit_request
from fundapp.disbursements.queries.vendors import version_paid
from fundapp.disbursements.queries.visibility import (
    has_handed_on,
    shown_parts,
    unseen_children,
)
from fundapp.disbursements.reader import (
    account_of,
    children_of,
    payee_address_of,
    payee_id_number_of,
    payee_name_of,
    payee_reason_of,
    purpose_of,
    reason_of,
    remarks_of,
)
from fundapp.disbursements.steps import note_interest, require_reason, write_reason
from fundapp.documents.intake import Accepted
from fundapp.documents.models import Document
from fundapp.documents.operations import store_document
from fundapp.errors import NotFoundError, StaleError
from fundapp.giving.schedule import add_months
from fundapp.ids import new_id
from fundapp.proposals.models import Proposal
from fundapp.remarks.models import ReasonCode, RemarkKind
from fundapp.remarks.reader import ShownWords
from fundapp.trail.operations import record_event

#: What the trail calls conditions and plans, and documents what shows that a condition holds.
RULES_TYPE, PLAN_TYPE, FACT_TYPE = "aid-rules", "aid_plan", "aid_fact"
_MOST_MONTHS, _LONGEST_WAIT_DAYS = 12, 366


def set_aid_rules(draft: AidRulesDraft, proposal: Proposal, *, actor: Actor) -> AidRules:
    """Record the conditions of a need; ``actor`` confirmed what another administrator proposed.
    Raises ForbiddenError and what `check_aid_rules` raises.
    """
    require(may_set_aid_rules(actor))
    check_aid_rules(draft)
    rules = AidRules(
        id=new_id(),
        need=draft.need,
        starts_on=draft.starts_on,
        term_count=len(draft.terms),
        confirmed_by_id=actor.person_id,
        proposal_id=proposal.id,
        recorded_at=clock.now(),
    )
    db.session.add(rules)
    db.session.flush()
    rules.terms = [
        AidTerm(rules_id=rules.id, kind=kind, percent=percent) for kind, percent in draft.terms
    ]
    db.session.flush()
    _record("aid-plans:rules:set", RULES_TYPE, proposal.subject, actor)
    return rules


def split_request(public_id: str, draft: SplitDraft, *, version: int, actor: Actor) -> AidPlan:
    """Make the waiting request the first of so many instalments of the same amount. Each further
    one is a request with the same children, payee and reason: who decides, decides on all.

    Raises NotFoundError, StaleError, InstalmentsMadeError, NotYoursError for children whom the
    actor handed on, SplitNumberError, FirstDayError, and what `submit_request` raises.
    """
    request, actor = lock_request(public_id, version=version, actor=actor)
    if not may_split(actor, request) or queries.find_instalment(request) is not None:
        raise InstalmentsMadeError
    if unseen_children(actor, request):
        raise NotYoursError
    for name, first, last in (("count", 2, MOST_INSTALMENTS), ("months", 1, _MOST_MONTHS)):
        if not first <= getattr(draft, name) <= last:
            raise SplitNumberError(field=name, params={"first": first, "last": last})
    if not 0 <= (draft.first_on - clock.today()).days <= _LONGEST_WAIT_DAYS:
        raise FirstDayError(field="first_on")
    rules = queries.find_aid_rules(request.need, clock.today())
    plan = AidPlan(
        id=new_id(),
        rules_id=rules.id if rules else None,
        asked_by_id=actor.person_id,
        made_at=clock.now(),
    )
    db.session.add(plan)
    db.session.flush()
    wanted = _draft_of(request, actor)
    for number in range(1, draft.count + 1):
        each = request if number == 1 else submit_request(wanted, actor=actor)
        for interest in request.interests:
            note_interest(each, interest.user_id, interest.interest)
        due_on = add_months(draft.first_on, draft.months * (number - 1))
        db.session.add(
            AidInstalment(request_id=each.id, plan_id=plan.id, number=number, due_on=due_on)
        )
    db.session.flush()
    db.session.refresh(plan)
    _record("aid-plans:plan:make", PLAN_TYPE, plan.public_id, actor)
    return plan


def approve_plan(public_id: str, *, version: str, actor: Actor) -> AidPlan:
    """Approve the waiting instalments that were shown in ``version`` (`waiting_version`), all or
    none; one that was returned is decided on by itself.

    Raises NotFoundError, FactNotYoursError, StaleError and what `decide_request` raises.
    """
    plan = queries.get_plan(public_id, viewer=actor)
    if not may_approve_plan(actor, plan):
        raise FactNotYoursError
    if version != waiting_version(plan):
        raise StaleError
    for each in approved_together(plan):
        decide_request(
            each.request.public_id,
            decision=Decision.APPROVE,
            version=each.request.version,
            reason="",
            actor=actor,
        )
    _record("aid-plans:plan:approve", PLAN_TYPE, plan.public_id, actor)
    return plan


def record_fact(
    request_public_id: str,
    kind: AidTermKind,
    *,
    percent: int | None = None,
    paper: Accepted | None = None,
    actor: Actor,
) -> AidFact:
    """Record what shows that a condition of an instalment holds; somebody else accepts it. What
    waits already is not recorded twice.

    Raises NotFoundError, FactNotYoursError, NoSuchTermError, FactPercentError, FactPaperError,
    VisitMissingError.
    """
    instalment = _lock_instalment(request_public_id, actor)
    if not may_record_fact(actor, instalment) or has_handed_on(actor, instalment.request):
        raise FactNotYoursError
    if kind is AidTermKind.PROOF or not is_open_term(kind, instalment.request):
        raise NoSuchTermError(field="kind")
    _require_shown(instalment, kind, percent, paper)
    waiting = [each for each in instalment.facts if each.kind is kind and not each.decided_at]
    if waiting:
        return waiting[0]
    stored = (
        store_document(paper, subject_type=FACT_TYPE, subject_ref=request_public_id, actor=actor)
        if paper
        else None
    )
    fact = AidFact(
        id=new_id(),
        kind=kind,
        percent=percent if kind is AidTermKind.ATTENDANCE else None,
        document_id=stored.document.id if stored else None,
        recorded_by_id=actor.person_id,
        recorded_at=clock.now(),
    )
    instalment.facts.append(fact)
    _record("aid-plans:fact:record", PLAN_TYPE, instalment.plan.public_id, actor)
    db.session.flush()
    return fact


def _require_shown(
    instalment: AidInstalment, kind: AidTermKind, percent: int | None, paper: Accepted | None
) -> None:
    if kind is AidTermKind.ATTENDANCE and (percent is None or not 0 <= percent <= 100):
        raise FactPercentError(field="percent")
    if kind is AidTermKind.VISIT:
        missing = queries.children_without_visit(instalment)
        if missing:
            raise VisitMissingError(field="kind", params={"code": missing[0]})
    elif paper is None:
        raise FactPaperError(field="paper")


def decide_fact(fact_public_id: str, *, accept: bool, actor: Actor) -> AidFact:
    """Accept what was recorded, or not. Raises NotFoundError, FactDecidedError,
    FactNotYoursError.
    """
    found = db.session.scalar(select(AidFact).where(AidFact.public_id == fact_public_id))
    if found is None:
        raise NotFoundError
    request = db.session.get_one(DisbursementRequest, found.request_id)
    instalment = _lock_instalment(request.public_id, actor)
    fact = next(each for each in instalment.facts if each.id == found.id)
    if fact.decided_at is not None:
        raise FactDecidedError
    if not may_decide_fact(actor, instalment, fact):
        raise FactNotYoursError
    fact.is_accepted, fact.decided_by_id = accept, actor.person_id
    fact.decided_at = clock.now()
    verb = "accept" if accept else "refuse"
    _record(f"aid-plans:fact:{verb}", PLAN_TYPE, instalment.plan.public_id, actor)
    db.session.flush()
    return fact


def waive_term(
    request_public_id: str, kind: AidTermKind, reason: str, *, actor: Actor
) -> AidWaiver:
    """Ask, as an approver, that the instalment is paid without a condition; a second approver has
    to agree. Raises NotFoundError, FactNotYoursError, NoSuchTermError, ReasonMissingError,
    PersonalDataError, NamedError.
    """
    instalment = _lock_instalment(request_public_id, actor)
    if not may_waive(actor, instalment):
        raise FactNotYoursError
    known = next((each for each in instalment.waivers if each.kind is kind), None)
    if known is not None:
        return known
    if not is_open_term(kind, instalment.request):
        raise NoSuchTermError(field="kind")
    cleaned, code = require_reason(reason), ReasonCode.OTHER
    remark = write_reason(instalment.request, cleaned, code, RemarkKind.DECISION, actor)
    waiver = AidWaiver(
        kind=kind,
        reason_digest=remark.digest,
        first_by_id=actor.person_id,
        first_at=clock.now(),
    )
    instalment.waivers.append(waiver)
    _record("aid-plans:term:waive", PLAN_TYPE, instalment.plan.public_id, actor)
    db.session.flush()
    return waiver


def agree_to_waiver(request_public_id: str, kind: AidTermKind, *, actor: Actor) -> AidWaiver:
    """Agree to it as a second approver. Raises NotFoundError, FactDecidedError,
    FactNotYoursError.
    """
    instalment = _lock_instalment(request_public_id, actor)
    waiver = next((each for each in instalment.waivers if each.kind is kind), None)
    if waiver is None:
        raise NotFoundError
    if waiver.second_at is not None:
        raise FactDecidedError
    if not may_agree_to_waiver(actor, instalment, waiver):
        raise FactNotYoursError
    waiver.second_by_id, waiver.second_at = actor.person_id, clock.now()
    _record("aid-plans:term:agree", PLAN_TYPE, instalment.plan.public_id, actor)
    db.session.flush()
    return waiver


def read_fact_paper(fact_public_id: str, *, actor: Actor) -> tuple[Document, bytes]:
    """The paper that shows that a condition holds; NotFoundError where why help is needed may not
    be shown to the actor. Part of a unit of reading.
    """
    fact = db.session.scalar(select(AidFact).where(AidFact.public_id == fact_public_id))
    if fact is None or fact.document_id is None:
        raise NotFoundError
    asked = db.session.get_one(DisbursementRequest, fact.request_id)
    instalment = queries.get_instalment(asked.public_id, viewer=actor)
    request, document = instalment.request, db.session.get_one(Document, fact.document_id)
    if not shown_parts(actor, request, clock.today()).reason:
        raise NotFoundError
    content = Reader(actor, Purpose.REQUEST).document(document, about=children_of(request))
    _record("aid-plans:fact:open", PLAN_TYPE, instalment.plan.public_id, actor)
    return document, content


def read_waiver_reasons(public_id: str, *, actor: Actor) -> dict[bytes, ShownWords]:
    """Why instalments are to be paid without a condition, by digest; the words where the actor is
    shown those of the request. NotFoundError. Part of a unit of reading.
    """
    found: dict[bytes, ShownWords] = {}
    for each in queries.get_plan(public_id, viewer=actor).instalments:
        if each.waivers:
            parts = shown_parts(actor, each.request, clock.today())
            reader = Reader(actor, purpose_of(parts, Purpose.REQUEST))
            found |= remarks_of(each.request, reader, parts)
    return found


def _draft_of(request: DisbursementRequest, actor: Actor) -> RequestDraft:
    """The request as it was asked for, read by who asked."""
    reader, vendor = Reader(actor, Purpose.REQUEST_FORM), version_paid(request)
    return RequestDraft(
        fund_code=request.fund_code,
        need=request.need,
        reason=reason_of(request, reader),
        payee_kind=request.payee_kind,
        payee_name=payee_name_of(request, reader),
        payee_reason=payee_reason_of(request, reader),
        payee_address=payee_address_of(request, reader),
        payee_id_number=payee_id_number_of(request, reader),
        payout_method=request.payout_method,
        account=account_of(request, reader),
        lines=[LineDraft(line.child.public_id, line.amount_satang) for line in request.lines],
        vendor=vendor.vendor_ref if vendor else "",
    )


def _lock_instalment(request_public_id: str, actor: Actor) -> AidInstalment:
    """The instalment, locked and read again; NotFoundError."""
    instalment = queries.get_instalment(request_public_id, viewer=actor)
    lock(select(AidInstalment.request_id).where(AidInstalment.request_id == instalment.request_id))
    db.session.expire(instalment, ["facts", "waivers"])
    return instalment


def _record(verb: str, subject_type: str, ref: str, actor: Actor) -> None:
    record_event(verb, actor=actor, subject_type=subject_type, subject_ref=ref)
