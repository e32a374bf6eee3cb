"""Every state, action and person: who can do what with requests, batches of payouts, referrals and
hand-overs. What a table does not name is refused. Meetings: `tests/committee`; concerns:
`tests/concerns`; duplicates: `tests/children`.
"""

from collections.abc import Callable
from typing import Any

import pytest

from fundapp import clock as app_clock
from fundapp.access.permissions import Role
from fundapp.agencies import operations as agencies
from fundapp.agencies.drafts import GivenDraft
from fundapp.agencies.models import GivenKind, ReferralAction, ReferralStatus
from fundapp.agencies.queries import get_referral
from fundapp.children.casework.operations import move_child, take_child
from fundapp.children.models import CloseReason
from fundapp.children.operations import close_child
from fundapp.db import db, unit_of_work
from fundapp.disbursements import operations
from fundapp.disbursements.errors import ShareOutError
from fundapp.disbursements.models import (
    AccountAnswer,
    CheckedBy,
    Decision,
    DisbursementRequest,
    Need,
    ReceiptOutcome,
    RequestStatus,
    ReturnCause,
)
from fundapp.disbursements.workflow import Action
from fundapp.documents.intake import accept
from fundapp.errors import DomainError
from fundapp.identity.models import User
from fundapp.ledger import chart
from fundapp.payouts import operations as payouts
from fundapp.payouts.models import BankFileKind, BatchState
from tests.factories.agencies import finish, let_in, make_agency, refer
from tests.factories.casework import move
from tests.factories.children import MUEANG, RAMAN, every_consent, make_child
from tests.factories.disbursements import (
    decide,
    make_approved,
    make_paid,
    make_request,
    make_team,
    prove,
    request_draft,
    signed_paper,
)
from tests.factories.identity import make_user
from tests.factories.payouts import Hands, make_batch, make_hands, make_taken, release, result_file

# Who may do what is decided before a row is written; tests of the packages break the tables.
pytestmark = pytest.mark.sqlite


class UndoneError(Exception):
    """Ends a unit of work that would have been carried out."""


def is_done(operation: Callable[..., object], *args: Any, **kwargs: Any) -> bool:
    """Whether the operation is carried out; nothing of it stays."""

    def try_it() -> None:
        operation(*args, **kwargs)
        raise UndoneError

    try:
        unit_of_work(try_it)
    except UndoneError:
        return True
    except DomainError:
        return False
    raise AssertionError("it ended without an answer")


def read_table(text: str) -> dict[tuple[str, str], set[str]]:
    """Lines of state, action and people, as a mapping."""
    table = {}
    for line in text.strip().splitlines():
        state, action, *people = line.split()
        table[state, action] = set(people)
    return table


def found(
    states: dict[str, Any],
    actions: dict[str, Callable[[Any, User], bool]],
    people: dict[str, User],
) -> dict[tuple[str, str], set[str]]:
    """Who can do each action in each state, by trying."""
    return {
        (state, action): able
        for state, subject in states.items()
        for action, act in actions.items()
        if (able := {name for name, user in people.items() if act(subject, user)})
    }


def others() -> dict[str, User]:
    """Somebody of each role who took no part before; those of a district in this one and in
    another.
    """
    people = {str(role): make_user(role) for role in Role if role not in _OF_DISTRICTS}
    for role in _OF_DISTRICTS:
        people[str(role)] = make_user(role, (RAMAN,))
        people[f"far_{role}"] = make_user(role, (MUEANG,))
    return people


_OF_DISTRICTS = (Role.CASE_MANAGER, Role.SUPERVISOR)

REQUESTS = """
submitted  approve         approver decider
submitted  return          approver decider
submitted  reject          approver decider
submitted  cancel          asker
submitted  verify          fund_officer supervisor payer verifier
returned   resubmit        asker
returned   cancel          asker
approved   cancel          approver decider
approved   pay             fund_officer payer
approved   verify          fund_officer supervisor payer verifier
stopped    cancel          approver decider
stopped    release         approver decider
paid       confirm         case_manager supervisor
paid       report_problem  case_manager supervisor
problem    confirm         case_manager supervisor
problem    report_problem  case_manager supervisor
paid       come_back       fund_officer payer
confirmed  come_back       fund_officer payer
problem    come_back       fund_officer payer
paid       share_back      fund_officer payer
confirmed  share_back      fund_officer payer
problem    share_back      fund_officer payer
"""


def test_requests(session, clock):
    team = make_team()
    people = others()
    people |= {"asker": team.asker, "decider": team.approver, "payer": team.payer}
    people |= {"verifier": team.verifier}
    states = {
        "submitted": make_request(team),
        "returned": decide(make_request(team), team, Decision.RETURN),
        "rejected": decide(make_request(team), team, Decision.REJECT),
        "approved": make_approved(team),
        "paid": make_paid(team),
        "problem": _proved(make_paid(team), team, ReceiptOutcome.PROBLEM),
        "confirmed": _proved(make_paid(team), team, ReceiptOutcome.RECEIVED),
        "cancelled": _cancelled(make_request(team), team.asker),
        "stopped": _stopped(team),
    }
    assert {*states} == {*map(str, RequestStatus), "stopped"}
    args = {name: (each.public_id, each.version) for name, each in states.items()}
    draft = request_draft(team)
    actions = {
        **{str(decision): _decides(decision) for decision in Decision},
        "resubmit": lambda of, user: is_done(
            operations.resubmit_request, of[0], draft, version=of[1], actor=user.as_actor()
        ),
        "cancel": lambda of, user: is_done(
            operations.cancel_request, of[0], version=of[1], reason="No", actor=user.as_actor()
        ),
        "release": lambda of, user: is_done(
            operations.release_payment, of[0], version=of[1], reason="So", actor=user.as_actor()
        ),
        "pay": lambda of, user: is_done(
            operations.record_payout, of[0], version=of[1], paid_on=app_clock.today(),
            paid_from_account_code=chart.BANK_MAIN, actor=user.as_actor(),
        ),
        "verify": lambda of, user: is_done(
            operations.verify_account, of[0], version=of[1], answer=AccountAnswer.MATCHES,
            checked_by=CheckedBy.BOOK, actor=user.as_actor(),
        ),
        "come_back": lambda of, user: is_done(
            operations.record_comeback, of[0], version=of[1], cause=ReturnCause.BANK,
            returned_on=app_clock.today(), reason="Closed", actor=user.as_actor(),
        ),
        "share_back": _gives_a_share_back,
        "confirm": _files(ReceiptOutcome.RECEIVED),
        "report_problem": _files(ReceiptOutcome.PROBLEM),
    }  # fmt: skip
    # What the bank could not pay goes back when its result is recorded: no person does that.
    assert {*actions} == {*map(str, Action)} - {"reopen"}
    assert found(args, actions, people) == read_table(REQUESTS)


def _gives_a_share_back(of: tuple[str, int], user: User) -> bool:
    """Whoever may learns that the request has one child, whose share is the whole."""
    with pytest.raises(DomainError) as refusal:
        unit_of_work(
            operations.record_share_return, of[0], version=of[1], cause=ReturnCause.PAYEE,
            returned_on=app_clock.today(), amount_satang=1, codes=["C-0000000"], reason="Left",
            actor=user.as_actor(),
        )  # fmt: skip
    return isinstance(refusal.value, ShareOutError)


def _decides(decision: Decision) -> Callable[[tuple[str, int], User], bool]:
    return lambda of, user: is_done(
        operations.decide_request, of[0], decision=decision, version=of[1],
        reason="" if decision is Decision.APPROVE else "No", actor=user.as_actor(),
    )  # fmt: skip


def _files(outcome: ReceiptOutcome) -> Callable[[tuple[str, int], User], bool]:
    is_received = outcome is ReceiptOutcome.RECEIVED
    return lambda of, user: is_done(
        operations.file_proof_of_receipt, of[0], outcome=outcome, version=of[1],
        confirmed_on=app_clock.today(), confirmed_by="Aminah Invented",
        note="" if is_received else "The account is closed",
        document=accept(signed_paper()) if is_received else None, actor=user.as_actor(),
    )  # fmt: skip


def _proved(request: DisbursementRequest, team: Any, outcome: ReceiptOutcome) -> Any:
    prove(request, team, outcome)
    db.session.refresh(request)
    return request


def _cancelled(request: DisbursementRequest, by: User) -> DisbursementRequest:
    args = {"version": request.version, "reason": "Asked twice", "actor": by.as_actor()}
    return unit_of_work(operations.cancel_request, request.public_id, **args)


def _stopped(team: Any) -> DisbursementRequest:
    """Approved, and then the child died."""
    child = make_child(team.asker, consents=every_consent())
    lines = [type(request_draft(team).lines[0])(child.public_id, 500_00)]
    request = make_approved(team, lines=lines)
    actor = team.asker.as_actor()
    unit_of_work(close_child, child.public_id, CloseReason.DIED, actor=actor)
    return request


BATCHES = """
made      release         approver releaser fund_officer taker
made      withdraw        approver releaser fund_officer maker taker
made      take_out        approver releaser fund_officer maker taker
released  withdraw        approver releaser fund_officer maker taker
released  take_out        approver releaser fund_officer maker taker
released  take_file       fund_officer taker
taken     release_again   approver releaser fund_officer
taken     tell            taker
"""


def test_batches(session, clock):
    first = make_hands(1)
    people = others()
    people |= {"asker": first.team.asker, "decider": first.team.approver}
    people |= {"maker": first.maker, "releaser": first.releaser, "taker": first.taker}
    made, released, taken, told, withdrawn = (_with_another_request(first) for _ in range(5))
    states = {
        "made": make_batch(made),
        "released": release(make_batch(released), released),
        "taken": make_taken(taken),
        "done": _told(told),
        "withdrawn": _withdrawn(withdrawn),
    }
    assert {*states} == {*map(str, BatchState)}
    args = {name: (each.public_id, each.lines[0].voucher) for name, each in states.items()}
    actions = {
        "release": _does(payouts.release_batch),
        "release_again": _does(payouts.release_batch, again=True),
        "withdraw": _does(payouts.withdraw_batch),
        "take_out": _does(payouts.take_out_stopped),
        "take_file": _does(payouts.take_file, kind=BankFileKind.CSV, sender_name="The fund"),
        "tell": lambda of, user: is_done(
            _tell_something_new, result_file([(of[1], "paid", "")]), user
        ),
    }
    expected = read_table(BATCHES)
    # Who may release a batch that is made, or again, may do so by either form of the button.
    expected["made", "release_again"] = expected["made", "release"]
    assert found(args, actions, people) == expected


class SameAsBeforeError(DomainError):
    """A result that was told already."""


def _tell_something_new(content: bytes, user: User) -> None:
    if not payouts.tell_results(content, actor=user.as_actor()).new:
        raise SameAsBeforeError


def _with_another_request(first: Hands) -> Hands:
    """The same people with another approved request."""
    requests = [make_approved(first.team)]
    return Hands(first.team, first.maker, first.releaser, first.taker, requests)


def _does(operation: Callable[..., object], **values: Any) -> Callable[[Any, User], bool]:
    return lambda of, user: is_done(operation, of[0], actor=user.as_actor(), **values)


def _told(hands: Hands) -> Any:
    batch = make_taken(hands)
    told = unit_of_work(
        payouts.tell_results,
        result_file([(batch.lines[0].voucher, "paid", "")]),
        actor=hands.taker.as_actor(),
    )
    assert told.new == 1
    unit_of_work(payouts.record_told, [batch.lines[0].id], actor=hands.taker.as_actor())
    return batch


def _withdrawn(hands: Hands) -> Any:
    batch = make_batch(hands)
    return unit_of_work(payouts.withdraw_batch, batch.public_id, actor=hands.maker.as_actor())


REFERRALS = """
sent      accept    helper colleague
sent      decline   helper colleague
sent      withdraw  sender case_manager
accepted  decline   helper
accepted  finish    helper
accepted  withdraw  sender case_manager
"""


def test_referrals(session, clock):
    people = others()
    sender, agency = make_user(Role.CASE_MANAGER, (RAMAN,)), make_agency()
    helper, colleague, stranger = let_in(agency), let_in(agency), let_in(make_agency())
    people |= {"sender": sender, "helper": helper, "colleague": colleague, "stranger": stranger}
    child = make_child(sender, consents=every_consent())
    needs = zip(map(str, ReferralStatus), Need, strict=False)  # one of each is open at a time
    states = {status: refer(child, agency, sender, need=need) for status, need in needs}
    given = GivenDraft(kind=GivenKind.GOODS, count=2, on=app_clock.today(), words="Shoes")
    act = helper.as_actor()
    unit_of_work(agencies.accept_referral, states["accepted"].number, version=1, actor=act)
    number = states["declined"].number
    unit_of_work(agencies.decline_referral, number, "Too far", version=1, actor=act)
    finish(states["done"], helper)
    unit_of_work(
        agencies.withdraw_referral, states["withdrawn"].number, version=1, actor=sender.as_actor()
    )
    db.session.expire_all()
    args = {name: (each.number, each.version) for name, each in states.items()}
    assert {name: str(get_referral(of[0]).status) for name, of in args.items()} == {
        status: status for status in states
    }
    actions = {
        "accept": _answers(agencies.accept_referral),
        "decline": _answers(agencies.decline_referral, "Too far"),
        "finish": _answers(agencies.finish_referral, given),
        "withdraw": _answers(agencies.withdraw_referral),
    }
    assert {*actions} == {*map(str, ReferralAction)}
    assert found(args, actions, people) == read_table(REFERRALS)


def _answers(operation: Callable[..., object], *values: Any) -> Callable[[Any, User], bool]:
    return lambda of, user: is_done(operation, of[0], *values, version=of[1], actor=user.as_actor())


HAND_OVERS = """
here     move  case_manager giver
waiting  move  far_case_manager
waiting  take  far_case_manager
taken    move  far_case_manager
"""


def test_hand_overs(session, clock):
    people = others()
    giver = people["giver"] = make_user(Role.CASE_MANAGER, (RAMAN,))
    states = {name: make_child(giver) for name in ("here", "waiting", "taken", "helped", "closed")}
    for name in ("waiting", "taken"):
        move(states[name], giver, MUEANG)
    taker = people["far_case_manager"].as_actor()
    unit_of_work(take_child, states["taken"].public_id, actor=taker)
    team = make_team()
    team.asker, team.child = giver, states["helped"]
    make_request(team)  # while help is in work nobody hands the child over
    unit_of_work(
        close_child, states["closed"].public_id, CloseReason.MOVED_AWAY, actor=giver.as_actor()
    )
    districts = {"waiting": RAMAN, "taken": RAMAN}
    args = {name: (each.public_id, districts.get(name, MUEANG)) for name, each in states.items()}
    actions = {
        "move": lambda of, user: is_done(
            move_child, of[0], of[1], words="Went to live there", actor=user.as_actor()
        ),
        "take": lambda of, user: is_done(take_child, of[0], actor=user.as_actor()),
    }
    assert found(args, actions, people) == read_table(HAND_OVERS)
