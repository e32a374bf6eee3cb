"""The first page of the workspace, and the lists behind its numbers."""

from typing import Any

from flask import Blueprint, render_template, request, url_for

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.banking.models import LineStatus
from fundapp.children.operations import read_names
from fundapp.db import unit_of_reading, unit_of_work
from fundapp.errors import NotFoundError
from fundapp.giving.queries import find_donor
from fundapp.giving.reminders.stop_codes import stop_code
from fundapp.identity.models import InvitationPurpose
from fundapp.identity.nav import PageLink, is_shown
from fundapp.identity.queries import find_own_ending
from fundapp.ledger.queries import list_funds
from fundapp.places.queries import list_districts
from fundapp.thai.calendar import be_year
from fundapp.today import duties, operations, own_giving, queries
from fundapp.today.data_files import data_file
from fundapp.today.forms import DataCopyForm
from fundapp.today.queries import MAIL_TASKS, REQUEST_TASKS, Task
from fundapp.transparency.queries import last_published_day, read_became
from fundapp.web.filters import counted, label
from fundapp.web.forms import Answer, submit
from fundapp.web.lazy import lazy as _l
from fundapp.web.limits import take_try

blueprint = Blueprint("today", __name__)

LINE_TASKS = {Task.MATCH: LineStatus.UNMATCHED, Task.HELD: LineStatus.HELD}

#: What people do most often; each is shown to those who may.
SHORTCUTS = (
    PageLink("giving.new_payment", _l("Record money received")),
    PageLink("banking.new_statement", _l("Import a bank statement")),
    PageLink("children.new", _l("Register a child")),
    PageLink("disbursements.new", _l("Ask for help")),
    PageLink("today.case_load", _l("See the case load")),
    PageLink("children.reads", _l("See who read files")),
    PageLink("audit.journal", _l("Open the journal")),
    PageLink("audit.checks", _l("See the checks")),
    PageLink("identity.new_user", _l("Add a person")),
)


@blueprint.get("/today")
@requires(Permission.WORKSPACE_OPEN)
def index() -> str:
    """Everything that the signed-in person has to do."""
    viewer, day = current_actor(), clock.today()
    numbers = queries.count_tasks(viewer, day)
    return render_template(
        "today/index.html",
        day=day,
        stats_items=[_stat(task, count) for task, count in numbers.items()],
        total=sum(numbers.values()),
        checks_state=queries.checks_state(viewer),
        clock_delay=queries.clock_delay(viewer),
        needs_keepers=queries.needs_keepers(viewer),
        access_ends_on=find_own_ending(viewer, day),
        shortages=queries.list_fund_shortages(viewer),
        may_read_books=viewer.can(Permission.JOURNAL_READ),
        shortcuts=[link for link in SHORTCUTS if is_shown(link)],
        giving=own_giving.find_own_giving(viewer),
        advances=queries.list_held_advances(viewer),
    )


@blueprint.get("/today/overdue")
@requires(Permission.PAYMENT_READ)
def overdue() -> str:
    """Overdue instalments."""
    day = clock.today()
    page = queries.list_overdue(day, after=request.args.get("after"))
    return render_template("today/overdue.html", page=page, day=day)


@blueprint.get("/today/stopped-paid")
@requires(Permission.DISBURSEMENT_DECIDE)
def stopped_paid() -> str:
    """What the bank paid although something had stopped it, for approvers."""
    rows = duties.list_stopped_paid(current_actor())
    return render_template("today/stopped_paid.html", rows=rows)


@blueprint.get("/today/batches")
@requires(Permission.DISBURSEMENT_RELEASE)
def batches() -> str:
    """Batches of payouts in which it is the viewer's turn."""
    return render_template("today/batches.html", rows=duties.list_turns(current_actor()))


@blueprint.get("/today/votes")
@requires(Permission.COMMITTEE_VOTE)
def votes() -> str:
    """Requests on which the viewer has to vote."""
    return render_template("today/votes.html", rows=duties.list_votes_to_cast(current_actor()))


@blueprint.get("/today/late")
@requires(Permission.PLAN_AGREE)
def late() -> str:
    """Follow-ups and visits past their day; the names on the page are read."""
    viewer, day = current_actor(), clock.today()
    page = duties.list_late(viewer, day, after=request.args.get("after"))
    children = [entry.child for entry in page.rows]
    names = unit_of_reading(read_names, children, actor=viewer)
    by_child = {name.child.id: name for name in names}
    return render_template("today/late.html", page=page, names=by_child, day=day)


@blueprint.get("/today/case-load")
@requires(Permission.PLAN_AGREE)
def case_load() -> str:
    """The case load of each district of the supervisor."""
    loads = duties.list_loads(current_actor(), clock.today())
    return render_template("today/case_load.html", loads=loads, days=duties.READS_OF.days)


@blueprint.get("/my-giving")
@requires(Permission.WORKSPACE_OPEN)
def my_giving() -> str:
    """One's own pledges and receipts."""
    viewer = current_actor()
    asked = request.args
    giving = own_giving.find_own_giving(
        viewer, pledges_after=asked.get("pledges"), gifts_after=asked.get("after")
    )
    return render_template(
        "today/my_giving.html",
        giving=giving,
        became=read_became(giving.entries if giving else []),
        until=last_published_day(),
        funds={fund.code: fund for fund in list_funds()},
        districts={district.code: district for district in list_districts()},
        to_claim=own_giving.list_pledges_to_claim(viewer),
        messages_of=[(donor, stop_code(donor)) for donor in own_giving.list_own_donors(viewer)],
        year=be_year(clock.today().year),
    )


@blueprint.post("/my-giving/data")
@requires(Permission.WORKSPACE_OPEN)
def own_data() -> Answer:
    """Everything that the fund keeps of who is signed in, as a file."""
    actor = current_actor()
    take_try("LIMIT_EXPORT", actor.ref)
    return data_file(unit_of_work(operations.copy_own_data, actor=actor))


@blueprint.get("/donors/<public_id>/data")
@requires(Permission.PAYMENT_RECORD)
def donor_data(public_id: str) -> str:
    """The form with which a donor's data become a file."""
    return _data_page(public_id, DataCopyForm(formdata=None))


@blueprint.post("/donors/<public_id>/data")
@requires(Permission.PAYMENT_RECORD)
@fresh_factor
def copy_donor_data(public_id: str) -> Answer:
    """The file, for a donor who asked by letter."""
    form, actor = DataCopyForm(), current_actor()
    return submit(
        form,
        lambda: operations.copy_donor_data(public_id, asked_on=form.asked_on.value, actor=actor),
        before=lambda: take_try("LIMIT_EXPORT", actor.ref),
        done=data_file,
        page=lambda: _data_page(public_id, form),
    )


def _data_page(public_id: str, form: DataCopyForm) -> str:
    donor = find_donor(public_id)
    if donor is None or donor.is_unknown:
        raise NotFoundError
    return render_template("today/donor_data.html", form=form, donor=donor)


#: The lists of other tasks, by endpoint and query.
_LISTS: dict[Task, tuple[str, dict[str, Any]]] = {
    Task.VERIFY: ("disbursements.accounts", {}),
    Task.CONSENT_ENDED: ("disbursements.index", {"consent": "ended"}),
    Task.CONSENTS: ("children.ending_consents", {"shown": "ended"}),
    Task.ASKED_AGAIN: ("children.ending_consents", {"shown": "grown"}),
    Task.DUPLICATES: ("children.duplicates", {}),
    Task.FOLLOW_UPS: ("children.due", {"shown": "due"}),
    Task.HANDED_OVER: ("children.due", {"shown": "moved"}),
    Task.TO_TAKE: ("children.handovers", {}),
    Task.UNMANAGED: ("children.managed", {"person": "none"}),
    Task.LATE_FOLLOW_UPS: ("today.late", {}),
    Task.PAYOUT_BATCHES: ("today.batches", {}),
    Task.STOPPED_PAID: ("today.stopped_paid", {}),
    Task.VOTES: ("today.votes", {}),
    Task.PLANS: ("children.due", {}),
    Task.DUPLICATES_DECIDED: ("children.duplicates", {"state": "decided"}),
    Task.LATE_PROOFS: ("callbacks.overdue_proofs", {}),
    Task.HELD_AID: ("aid_plans.index", {"state": "held"}),
    Task.CALLBACKS: ("callbacks.index", {"state": "waiting"}),
    Task.OVERDUE: ("today.overdue", {}),
    Task.SLIPS: ("banking.slips", {}),
    Task.PAYOUTS: ("banking.card_payouts", {"state": "waiting"}),
    Task.CONDITIONS: ("grants.due", {"shown": "conditions"}),
    Task.REPORTS: ("grants.due", {"shown": "reports"}),
    Task.AUDITORS: ("identity.users", {"ending": "1"}),
    Task.FINDINGS: ("audit.findings", {"status": "late"}),
    Task.CONCERNS: ("concerns.index", {"status": "waiting"}),
    Task.CONFIRM: ("proposals.index", {"state": "waiting"}),
    Task.REFERRALS: ("agencies.referrals", {}),
    Task.UNREACHED: ("giving.unreached", {}),
    Task.COUNTS: ("giving.cash", {"state": "waiting"}),
    Task.ADVANCES: ("advances.index", {"state": "overdue"}),
    Task.BATCHES: ("giving.batches", {"state": "open"}),
    Task.REFUND: ("giving.refunds", {}),
    Task.SHEET: ("identity.recent_invitations", {"sheets": "1"}),
    Task.RESET: ("identity.recent_invitations", {"purpose": str(InvitationPurpose.RESET)}),
}


def _stat(task: Task, count: int) -> dict[str, Any]:
    """A number as `stats` of components/page.html shows it; zero has no tone."""
    return {
        "label": label(task),
        "value": counted(count),
        "url": _list_url(task),
        "tone": task.tone if count else "plain",
    }


def _list_url(task: Task) -> str:
    """The list with exactly as many rows as the number says."""
    if task in REQUEST_TASKS:
        return url_for("disbursements.index", status=REQUEST_TASKS[task][0])
    if task in LINE_TASKS:
        return url_for("banking.lines", status=LINE_TASKS[task])
    if task in MAIL_TASKS:
        return url_for("mail.outbox", state=MAIL_TASKS[task])
    endpoint, values = _LISTS[task]
    return url_for(endpoint, **values)
