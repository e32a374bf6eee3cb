"""What lies beside a decision: the children, what they and the payee got, and warnings."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.children.models import Child, ConsentKind, Purpose
from fundapp.children.policy import has_consent
from fundapp.children.reader import Reader
from fundapp.disbursements.drafts import ChildAmount
from fundapp.disbursements.eligibility import Misfit
from fundapp.disbursements.fund_rules import misfits_of
from fundapp.disbursements.models import DisbursementRequest, PayeeKind
from fundapp.disbursements.payees import find_on_file, is_payee_on_file
from fundapp.disbursements.policy import approvers_needed, may_decide, rests_on_consent
from fundapp.disbursements.queries import get_request
from fundapp.disbursements.queries.help_rules import (
    CapShare,
    approvers_by_amount,
    find_cap_shares,
    month_satang,
)
from fundapp.disbursements.queries.history import (
    HelpBefore,
    find_twice_filed,
    help_of_children,
    help_of_households,
    help_to_payee,
    is_first_payment,
    waiting_of_children,
)
from fundapp.disbursements.reader import children_of, payee_name_of
from fundapp.errors import NotFoundError

#: How far back help is told, and over how long amounts are added up, so that splitting is seen.
YEAR, ADDED_UP_DAYS = timedelta(days=365), 31
#: Children of a large request whose facts are shown one by one.
CHILDREN_SHOWN = 50


@dataclass(frozen=True, slots=True)
class BriefedChild:
    """A child beside the decision. ``is_payee_on_file`` is None where the payee is somebody else,
    and says of a vendor whether it is in the register as it was; ``consent_until`` is None for a
    consent without an end.
    """

    code: str
    child_id: str
    amount_satang: int
    age: int | None
    is_payee_on_file: bool | None
    consent_until: date | None
    before: HelpBefore
    waiting: HelpBefore
    school_name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Briefing:
    """What an approver is shown. The sums are of the last 31 days and of this request, in satang:
    the most for one child, for one household, and for the payee. ``month_satang`` is what the bands
    of approval look at, of the calendar month, ``approvers`` how many they ask for.
    """

    children: tuple[BriefedChild, ...]
    child_satang: int
    household_satang: int
    payee_satang: int
    is_first_payment: bool
    is_somebody_else: bool
    twice_filed: tuple[tuple[str, str], ...]
    month_satang: int
    approvers: int
    near_caps: tuple[CapShare, ...]
    misfits: tuple[Misfit, ...]


def read_briefing(public_id: str, *, actor: Actor) -> Briefing | None:
    """What lies beside the decision on a request; None where a consent has ended, as it cannot be
    approved then. NotFoundError unless the actor may decide on it.
    """
    request = get_request(public_id, viewer=actor)
    if not may_decide(actor, request):
        raise NotFoundError
    if not rests_on_consent(request, clock.today()):
        return None
    now = clock.now()
    lately = now - timedelta(days=ADDED_UP_DAYS)
    sums = help_of_children(request, lately)
    return Briefing(
        children=_children(request, actor),
        child_satang=max(
            line.amount_satang + sums.get(line.child_id, HelpBefore()).satang
            for line in request.lines
        ),
        household_satang=_most_of_households(request, help_of_households(request, lately)),
        payee_satang=request.total_satang + help_to_payee(request, lately),
        is_first_payment=is_first_payment(request),
        is_somebody_else=request.payee_kind is PayeeKind.OTHER,
        twice_filed=tuple(find_twice_filed(request)),
        month_satang=month_satang(request),
        approvers=approvers_needed(request, approvers_by_amount(request)),
        near_caps=_near_caps(request),
        misfits=tuple(misfits_of(children_of(request), request.fund, Purpose.DECISION, actor))[
            :CHILDREN_SHOWN
        ],
    )


def _near_caps(request: DisbursementRequest) -> tuple[CapShare, ...]:
    """The caps that are nearly reached or passed with this request."""
    shares = [ChildAmount(line.child, line.amount_satang) for line in request.lines]
    found = find_cap_shares(shares, request.requested_at, request.id)
    return tuple(share for share in found if share.is_nearly_reached)[:CHILDREN_SHOWN]


def _children(request: DisbursementRequest, actor: Actor) -> tuple[BriefedChild, ...]:
    reader = Reader(actor, Purpose.DECISION)
    before = help_of_children(request, clock.now() - YEAR)
    waiting = waiting_of_children(request)
    payee = payee_name_of(request, reader)
    briefed = []
    for line in request.lines[:CHILDREN_SHOWN]:
        child, name = line.child, reader.name(line.child)
        briefed.append(
            BriefedChild(
                child.code,
                child.public_id,
                line.amount_satang,
                name.age,
                _is_on_file(child, request, payee, reader),
                _consent_until(child),
                before.get(child.id, HelpBefore()),
                waiting.get(child.id, HelpBefore()),
                name.school_name,
            )
        )
    return tuple(briefed)


def _is_on_file(
    child: Child, request: DisbursementRequest, payee: str, reader: Reader
) -> bool | None:
    if request.payee_kind is PayeeKind.OTHER:
        return None
    if request.payee_kind is PayeeKind.VENDOR:
        return is_payee_on_file(request, reader)
    return find_on_file([child], request.payee_kind, payee, reader)[0] is not None


def _consent_until(child: Child) -> date | None:
    """The last day of the consents to keep the file that count today; None without an end."""
    today = clock.today()
    ends = [
        consent.expires_on
        for consent in child.consents
        if consent.kind is ConsentKind.KEEP_FILE and has_consent(child, consent.kind, today)
    ]
    return None if None in ends else max(end for end in ends if end is not None)


def _most_of_households(request: DisbursementRequest, before: dict[int, int]) -> int:
    """The most that one household gets, with this request."""
    sums = dict(before)
    for line in request.lines:
        guardian = line.child.guardian_id
        sums[guardian] = sums.get(guardian, 0) + line.amount_satang
    return max(sums.values())
