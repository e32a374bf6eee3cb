"""How much a person has to do, and the lists behind numbers that have no page elsewhere."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import contains_eager, lazyload

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.advances.models import Advance
from fundapp.advances.queries import count_overdue_advances, list_own_advances
from fundapp.agencies.queries import count_waiting_referrals
from fundapp.aid_plans.queries import count_held_instalments
from fundapp.audit.findings.queries import count_late
from fundapp.audit.queries import RunsState, runs_state
from fundapp.banking.queries import count_open_lines, count_waiting_payouts
from fundapp.callbacks.queries import count_callbacks, count_overdue_proofs
from fundapp.children.casework.queries import count_due, count_waiting_moves
from fundapp.children.handovers.queries import count_to_take, unmanaged_children
from fundapp.children.queries import (
    count_ending_consents,
    count_findings,
    count_grown_children,
)
from fundapp.concerns.queries import count_waiting_concerns, lacks_keepers
from fundapp.db import count_rows, db, page_by_day
from fundapp.db.instants import behind
from fundapp.disbursements.models import RequestStatus
from fundapp.disbursements.queries import (
    count_accounts_to_verify,
    count_by_status,
    count_without_consent,
)
from fundapp.giving.cash.policy import may_count_cash
from fundapp.giving.cash.queries import count_waiting_counts
from fundapp.giving.channels.queries import count_unreached
from fundapp.giving.gift_batches.queries import count_open_batches
from fundapp.giving.models import (
    Instalment,
    Pledge,
    PledgeStatus,
)
from fundapp.giving.queries import count_open_refunds
from fundapp.giving.slips.queries import count_waiting_slips
from fundapp.grants.queries import count_due_conditions, count_due_reports
from fundapp.identity.queries import (
    RECENT,
    count_endings,
    count_resets,
    count_sheets_to_print,
)
from fundapp.labels import LabelledEnum
from fundapp.ledger.models import Fund
from fundapp.ledger.queries import Shortage, list_funds, list_shortages
from fundapp.mail.models import MailState
from fundapp.mail.queries import count_messages
from fundapp.markers import N_
from fundapp.paging import Page
from fundapp.proposals.queries import count_waiting
from fundapp.today.duties import (
    count_late_entries,
    count_stopped_paid,
    count_turns,
    count_votes_to_cast,
)


class Task(LabelledEnum):
    """Something that a person has to do; the tone is for a number above zero."""

    VERIFY = "verify", N_("Bank details to verify"), "warn"
    DECIDE = "decide", N_("Requests to decide"), "warn"
    PAY = "pay", N_("Approved requests to pay"), "warn"
    CHANGE = "change", N_("Requests returned for a change"), "warn"
    PROVE = "prove", N_("Paid, without proof of receipt"), "warn"
    PROBLEM = "problem", N_("Paid, with a problem reported"), "bad"
    LATE_PROOFS = "late_proofs", N_("Overdue proofs of receipt to see to"), "bad"
    HELD_AID = "held_aid", N_("Instalments of aid held by a condition"), "warn"
    CALLBACKS = "callbacks", N_("Payments to call about"), "warn"
    CONSENT_ENDED = "consent_ended", N_("Requests in work whose consent has ended"), "bad"
    CONSENTS = "consents", N_("Consents that have run out or run out within 30 days"), "warn"
    ASKED_AGAIN = "asked_again", N_("Consents to be asked again at 10 or 20"), "warn"
    DUPLICATES = "duplicates", N_("Possible duplicates to decide"), "warn"
    FOLLOW_UPS = "follow_ups", N_("Follow-ups due within 14 days"), "warn"
    HANDED_OVER = "handed_over", N_("Children handed over to your districts"), "warn"
    TO_TAKE = "to_take", N_("Children handed over to you"), "warn"
    UNMANAGED = "unmanaged", N_("Children without a case manager"), "bad"
    PLANS = "plans", N_("Plans to agree to"), "warn"
    LATE_FOLLOW_UPS = "late_follow_ups", N_("Follow-ups and visits past their day"), "warn"
    PAYOUT_BATCHES = "payout_batches", N_("Batches of payouts that wait for you"), "warn"
    STOPPED_PAID = "stopped_paid", N_("Paid although something stopped it"), "bad"
    VOTES = "votes", N_("Requests to vote on"), "warn"
    DUPLICATES_DECIDED = "duplicates_decided", N_("Possible duplicates decided in 7 days"), "info"
    MATCH = "match", N_("Bank lines to match"), "warn"
    HELD = "held", N_("Bank lines on hold"), "info"
    SLIPS = "slips", N_("Slips to compare with the bank"), "info"
    PAYOUTS = "payouts", N_("Payouts of the card processor to find in the bank"), "warn"
    OVERDUE = "overdue", N_("Overdue instalments"), "info"
    COUNTS = "counts", N_("Cash that another person counted, to confirm"), "warn"
    ADVANCES = "advances", N_("Advances past their clearing date"), "bad"
    BATCHES = "batches", N_("Batches of gifts to post"), "warn"
    REFUND = "refund", N_("Refunds to deal with"), "warn"
    RESET = "reset", N_("Sign-ins reset in the last days"), "info"
    SHEET = "sheet", N_("Second sheets of invitations to print"), "warn"
    MAIL = "mail", N_("Mail not delivered"), "warn"
    LATE_MAIL = "late_mail", N_("Messages late by a day or more"), "warn"
    GIVEN_UP_MAIL = "given_up_mail", N_("Messages given up"), "warn"
    UNREACHED = "unreached", N_("Donors whom messages do not reach"), "warn"
    CONDITIONS = "conditions", N_("Conditions of grants due within 30 days"), "warn"
    REPORTS = "reports", N_("Reports to grantors due within 30 days"), "warn"
    FINDINGS = "findings", N_("Findings past their due date"), "bad"
    AUDITORS = "auditors", N_("Auditors whose access ends within 14 days"), "info"
    CONCERNS = "concerns", N_("Concerns that wait for you"), "warn"
    REFERRALS = "referrals", N_("Referrals to your agency"), "warn"
    CONFIRM = "confirm", N_("Proposals that wait for a second person"), "warn"


#: The state of the requests of a task, and the permission that the task needs.
REQUEST_TASKS: dict[Task, tuple[RequestStatus, Permission]] = {
    Task.DECIDE: (RequestStatus.SUBMITTED, Permission.DISBURSEMENT_DECIDE),
    Task.PAY: (RequestStatus.APPROVED, Permission.DISBURSEMENT_PAY),
    Task.CHANGE: (RequestStatus.RETURNED, Permission.DISBURSEMENT_REQUEST),
    Task.PROVE: (RequestStatus.PAID, Permission.DISBURSEMENT_PROVE),
    Task.PROBLEM: (RequestStatus.PROBLEM, Permission.DISBURSEMENT_PROVE),
}
_WORK_ON_REQUESTS = (
    Permission.DISBURSEMENT_REQUEST,
    Permission.DISBURSEMENT_DECIDE,
    Permission.DISBURSEMENT_PAY,
)
#: The state of the messages of a task.
MAIL_TASKS = {
    Task.MAIL: MailState.FAILING,
    Task.LATE_MAIL: MailState.LATE,
    Task.GIVEN_UP_MAIL: MailState.GIVEN_UP,
}


def count_tasks(viewer: Actor, today: date) -> dict[Task, int]:
    """How much of each task ``viewer`` has to do; only tasks that the viewer may do. No number is
    above `MOST_COUNTED` + 1, which stands for more.
    """
    numbers: dict[Task, int] = {}
    if viewer.can(Permission.DISBURSEMENT_READ):
        own = {
            task: status
            for task, (status, permission) in REQUEST_TASKS.items()
            if viewer.can(permission)
        }
        counts = count_by_status(viewer=viewer, statuses=sorted(set(own.values())))
        numbers |= {task: counts[status] for task, status in own.items()}
        numbers |= _receipt_tasks(viewer, today)
        numbers |= _consent_tasks(viewer, today)
        numbers |= _turns(viewer)
    numbers |= _duplicate_tasks(viewer)
    numbers |= _casework_tasks(viewer, today)
    if viewer.can(Permission.STATEMENT_MATCH):
        numbers |= _matching_tasks()
    numbers |= _giving_tasks(viewer, today)
    if viewer.can(Permission.GRANT_KEEP):
        numbers |= _grant_tasks(today)
    numbers |= _audit_tasks(viewer, today)
    if viewer.can(Permission.USER_MANAGE):
        numbers |= _invitation_tasks(viewer)
    if viewer.can(Permission.MAIL_READ):
        for task, state in MAIL_TASKS.items():
            numbers[task] = count_messages(state)
    if viewer.can(Permission.HOUSE_CONFIRM):
        numbers[Task.CONFIRM] = count_waiting(viewer)
    return numbers


def _receipt_tasks(viewer: Actor, today: date) -> dict[Task, int]:
    """Overdue proofs, instalments that are held and payments to call about, where there are any."""
    numbers: dict[Task, int] = {}
    if viewer.can(Permission.DISBURSEMENT_PROVE):
        if overdue := count_overdue_proofs(viewer, today):
            numbers[Task.LATE_PROOFS] = overdue
        if held := count_held_instalments(viewer):
            numbers[Task.HELD_AID] = held
        if calls := count_callbacks(viewer):
            numbers[Task.CALLBACKS] = calls
    return numbers


def _turns(viewer: Actor) -> dict[Task, int]:
    """Where it is the viewer's turn with bank details, in batches of payouts, in what the bank paid
    all the same, and in the committee, if anywhere.
    """
    numbers: dict[Task, int] = {}
    if viewer.can(Permission.DISBURSEMENT_VERIFY) and (
        accounts := count_accounts_to_verify(viewer)
    ):
        numbers[Task.VERIFY] = accounts
    may_move = viewer.can_any(Permission.DISBURSEMENT_RELEASE, Permission.DISBURSEMENT_PAY)
    if may_move and (batches := count_turns(viewer)):
        numbers[Task.PAYOUT_BATCHES] = batches
    if viewer.can(Permission.DISBURSEMENT_DECIDE) and (stopped := count_stopped_paid(viewer)):
        numbers[Task.STOPPED_PAID] = stopped
    if viewer.can(Permission.COMMITTEE_VOTE) and (votes := count_votes_to_cast(viewer)):
        numbers[Task.VOTES] = votes
    return numbers


def _matching_tasks() -> dict[Task, int]:
    """Lines of the bank; slips that wait for them and payouts of the card processor without one,
    these only where there are any.
    """
    unmatched, held = count_open_lines()
    numbers = {Task.MATCH: unmatched, Task.HELD: held}
    if slips := count_waiting_slips():
        numbers[Task.SLIPS] = slips
    if payouts := count_waiting_payouts():
        numbers[Task.PAYOUTS] = payouts
    return numbers


def _grant_tasks(today: date) -> dict[Task, int]:
    """What grantors ask for soon, where there is any."""
    numbers: dict[Task, int] = {}
    if conditions := count_due_conditions(today):
        numbers[Task.CONDITIONS] = conditions
    if reports := count_due_reports(today):
        numbers[Task.REPORTS] = reports
    return numbers


def _audit_tasks(viewer: Actor, today: date) -> dict[Task, int]:
    """Findings that should have been put right and concerns that wait, where there are any."""
    numbers: dict[Task, int] = {}
    if viewer.can(Permission.FINDING_READ) and (late := count_late(today)):
        numbers[Task.FINDINGS] = late
    if viewer.can(Permission.CONCERN_HANDLE) and (concerns := count_waiting_concerns(viewer)):
        numbers[Task.CONCERNS] = concerns
    return numbers


def _giving_tasks(viewer: Actor, today: date) -> dict[Task, int]:
    """What is overdue, for who records payments; counts of cash to confirm, open batches,
    advances to clear, refunds, and donors whom messages do not reach, where there are any.
    """
    numbers: dict[Task, int] = {}
    if viewer.can(Permission.PAYMENT_RECORD):
        numbers[Task.OVERDUE] = count_overdue(today)
        if unreached := count_unreached():
            numbers[Task.UNREACHED] = unreached
        if batches := count_open_batches():
            numbers[Task.BATCHES] = batches
        if may_count_cash(viewer) and (counts := count_waiting_counts(viewer.user_id)):
            numbers[Task.COUNTS] = counts
    if viewer.can(Permission.HOUSE_PROPOSE) and (advances := count_overdue_advances(today)):
        numbers[Task.ADVANCES] = advances
    if viewer.can(Permission.REFUND_VERIFY) and (refunds := count_open_refunds()):
        numbers[Task.REFUND] = refunds
    return numbers


def _invitation_tasks(viewer: Actor) -> dict[Task, int]:
    """Resets; second sheets to print and auditors whose access ends, only where there are any."""
    now = clock.now()
    numbers = {Task.RESET: count_resets(now - RECENT)}
    if sheets := count_sheets_to_print(viewer, now):
        numbers[Task.SHEET] = sheets
    if endings := count_endings(clock.today()):
        numbers[Task.AUDITORS] = endings
    return numbers


def _duplicate_tasks(viewer: Actor) -> dict[Task, int]:
    """What supervisors have to decide; what was decided, for case managers, where there is any."""
    numbers: dict[Task, int] = {}
    if viewer.can(Permission.DUPLICATE_DECIDE):
        numbers[Task.DUPLICATES] = count_findings(viewer=viewer, is_decided=False)
    if viewer.can(Permission.CHILD_REGISTER) and (
        decided := count_findings(viewer=viewer, is_decided=True)
    ):
        numbers[Task.DUPLICATES_DECIDED] = decided
    return numbers


def _casework_tasks(viewer: Actor, today: date) -> dict[Task, int]:
    """What is due for case managers and who was handed over to them; plans for supervisors;
    referrals for people of agencies.
    """
    numbers: dict[Task, int] = {}
    unmanaged = None
    if viewer.can_any(Permission.CHILD_REGISTER, Permission.CHILD_ASSIGN):
        unmanaged = unmanaged_children(viewer)
        if count := count_rows(unmanaged):
            numbers[Task.UNMANAGED] = count
    if viewer.can(Permission.CHILD_REGISTER):
        numbers[Task.FOLLOW_UPS] = count_due(
            viewer=viewer, today=today, plans=False, unmanaged=unmanaged
        )
        if to_take := count_to_take(viewer):
            numbers[Task.TO_TAKE] = to_take
        if moved := count_waiting_moves(viewer):
            numbers[Task.HANDED_OVER] = moved
    elif viewer.can(Permission.PLAN_AGREE):
        numbers[Task.PLANS] = count_due(viewer=viewer, today=today, plans=True)
        numbers[Task.LATE_FOLLOW_UPS] = count_late_entries(viewer, today)
    elif viewer.can(Permission.REFERRAL_ANSWER):
        numbers[Task.REFERRALS] = count_waiting_referrals(viewer, today)
    return numbers


def _consent_tasks(viewer: Actor, today: date) -> dict[Task, int]:
    """Requests whose consent has ended, for who asks, decides or pays and only where there are
    any; consents that end, for case managers.
    """
    numbers: dict[Task, int] = {}
    if viewer.can_any(*_WORK_ON_REQUESTS) and (ended := count_without_consent(viewer=viewer)):
        numbers[Task.CONSENT_ENDED] = ended
    if viewer.can(Permission.CHILD_REGISTER):
        numbers[Task.CONSENTS] = count_ending_consents(viewer=viewer, today=today)
        if grown := count_grown_children(viewer=viewer, today=today):
            numbers[Task.ASKED_AGAIN] = grown
    return numbers


def list_held_advances(viewer: Actor) -> Sequence[Advance]:
    """Cash of the fund that the viewer holds; strangers and donors hold none."""
    if viewer.user_id is None or not viewer.can(Permission.FACTOR_SET_UP):
        return []
    return list_own_advances(viewer.user_id)


def list_fund_shortages(viewer: Actor) -> list[tuple[Fund, Shortage]]:
    """The funds that lack money now, for those who handle it, decide on it or read the books."""
    if not viewer.can_any(Permission.JOURNAL_READ, Permission.DISBURSEMENT_READ):
        return []
    shortages = list_shortages()
    return [(fund, shortages[fund.code]) for fund in list_funds() if fund.code in shortages]


def checks_state(viewer: Actor) -> RunsState:
    """What the newest runs of the checks say, to those who read the books; to others, all well."""
    return runs_state(clock.now()) if viewer.can(Permission.JOURNAL_READ) else RunsState.FINE


def needs_keepers(viewer: Actor) -> bool:
    """Whether restricted concerns lack readers, to those who can propose them."""
    return viewer.can(Permission.HOUSE_PROPOSE) and lacks_keepers()


def clock_delay(viewer: Actor) -> timedelta | None:
    """How far the server's clock is behind, for those who can have it set right; else None."""
    if not viewer.can(Permission.USER_MANAGE):
        return None
    return behind(db.session.connection())


def count_overdue(today: date) -> int:
    """How many instalments of active pledges are past their due date and not fully paid."""
    return count_rows(select(Instalment.id).join(Pledge).where(_overdue(today)))


def list_overdue(today: date, *, after: str | None = None, limit: int = 50) -> Page[Instalment]:
    """Those instalments with their pledges, longest overdue first; paged by due date and id."""
    statement = (
        select(Instalment)
        .join(Instalment.pledge)
        .options(contains_eager(Instalment.pledge).options(lazyload(Pledge.instalments)))
        .where(_overdue(today))
    )
    order = Instalment.due_on, Instalment.id
    return page_by_day(statement, *order, after=after, limit=limit)


def _overdue(today: date) -> ColumnElement[bool]:
    # The open ones as the condition of their index has it, so that it is used.
    is_open = Instalment.paid_satang < Instalment.amount_satang
    return and_(Instalment.due_on < today, is_open, Pledge.status == PledgeStatus.ACTIVE)
