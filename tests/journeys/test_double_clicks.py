"""The same form sent twice, one after the other or both at once, is done once."""

import threading
from functools import partial

import pytest
from sqlalchemy import func, select

from fundapp.audit.checks import run_checks
from fundapp.banking.models import Match, Statement
from fundapp.children.models import Child, Consent
from fundapp.db import db
from fundapp.disbursements.models import Approval, DisbursementRequest, Payout, ProofOfReceipt
from fundapp.documents.models import Document
from fundapp.giving.models import Donor, Payment, Pledge, Receipt
from fundapp.ledger.models import JournalEntry
from fundapp.mail.models import MailMessage
from tests.documents.pictures import picture
from tests.factories.banking import Move, detail_of, statement_file
from tests.journeys.browsing import Browser, File
from tests.journeys.test_bad_input import CHILD, CONSENT, GIVE, PAYMENT

#: Tables in which one act must leave one row, whatever is clicked.
COUNTED = (
    Pledge, Donor, Payment, Receipt, JournalEntry, MailMessage, Statement, Match, Approval, Payout,
    ProofOfReceipt, Child, Consent, Document, DisbursementRequest,
)  # fmt: skip


def counts():
    db.session.rollback()
    return {
        kind.__name__: db.session.scalar(select(func.count()).select_from(kind)) for kind in COUNTED
    }


def one_after_the_other(click):
    return [click(0), click(1)]


def both_at_once(click):
    """Two requests that start at the same moment."""
    start, answers = threading.Barrier(2), [None, None]

    def press(number):
        start.wait(10)
        answers[number] = click(number)

    threads = [threading.Thread(target=press, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert None not in answers
    return answers


WAYS = pytest.mark.parametrize(
    "way", [pytest.param(one_after_the_other, marks=pytest.mark.sqlite), both_at_once]
)


def twin(person):
    """The same browser, for the second of two presses at the same moment."""
    other = Browser(person.client.application)
    for name in ("lang", "sid", "form"):
        kept = person.client.get_cookie(name)
        if kept is not None:
            other.client.set_cookie(name, kept.value)
    return other


def click_twice(way, person, url, action, typed, **more):
    """Both answers, and what became more."""
    page = person.open(url)
    before = counts()
    hands = (person, twin(person))
    answers = way(lambda number: hands[number].post(page, action, typed, **more))
    after = counts()
    grown = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    return answers, grown


def places(answers):
    return {answer.headers.get("Location") for answer in answers}


@WAYS
def test_a_pledge(world, way):
    answers, grown = click_twice(way, world.people["donor"], "/give", "/give", GIVE)
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(places(answers)) == 1, "both come to the same pledge"
    assert grown == {"Pledge": 1, "Donor": 1}


@WAYS
def test_a_payment(world, way):
    answers, grown = click_twice(
        way, world.people["officer"], "/payments/new", "/payments/new", PAYMENT
    )
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(places(answers)) == 1
    assert grown == {"Payment": 1, "Receipt": 1, "JournalEntry": 1, "Donor": 1}


@WAYS
def test_a_reversal(world, way):
    url = f"/payments/{world.payment.public_id}"
    answers, grown = click_twice(
        way, world.people["officer"], url, "/reverse", {"reason": "The cheque bounced"}
    )
    assert sorted(answer.status_code for answer in answers) in ([303, 303], [303, 409], [303, 422])
    assert grown == {"JournalEntry": 1}


REQUEST_ACTS = {
    "approve": ("approver", "waiting", {}, {"Approval": 1, "JournalEntry": 1}),
    "pay": (
        "officer", "approved", {"paid_on": "24/11/2569", "paid_from": "1121"},
        {"Payout": 1, "JournalEntry": 1},
    ),
    "prove": (
        "prover", "paid", {"outcome": "problem", "confirmed_by": "Aminah", "note": "Half came"},
        {"ProofOfReceipt": 1},
    ),
}  # fmt: skip


@WAYS
@pytest.mark.parametrize("action", REQUEST_ACTS)
def test_a_request(world, way, action):
    """The second press is told that it came too late."""
    name, which, typed, expected = REQUEST_ACTS[action]
    url = f"/disbursements/{getattr(world, which).public_id}"
    answers, grown = click_twice(way, world.people[name], url, f"/{action}", typed)
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert grown == expected
    late = next(answer for answer in answers if answer.status_code == 409)
    assert "Open the request again" in late.text


@WAYS
def test_a_match(world, way):
    url = f"/bank/lines/{world.line.public_id}"
    answers, grown = click_twice(way, world.people["officer"], url, "/match", {})
    assert [answer.status_code for answer in answers] == [303, 303]
    assert grown == {
        "Payment": 1, "Receipt": 1, "JournalEntry": 1, "Match": 1, "MailMessage": 1,
    }  # fmt: skip


@WAYS
def test_all_certain_matches(world, way):
    url = f"/bank/statements/{world.line.statement.public_id}"
    answers, grown = click_twice(way, world.people["officer"], url, "/match-certain", {})
    assert [answer.status_code for answer in answers] == [303, 303]
    assert grown["Payment"] == grown["Match"] == grown["Receipt"] == 1


@WAYS
def test_a_statement(world, way):
    moves = [Move(50_000, detail_of(world.line))]
    chosen = {"account": "KTB-MAIN", "profile": "ktb", "file": File(statement_file(moves), "a.csv")}
    answers, grown = click_twice(
        way, world.people["officer"], "/bank/statements/new", "/bank/statements/new", chosen
    )
    assert [answer.status_code for answer in answers] == [303, 303]
    assert grown == {}, "these bytes came in before"


@WAYS
def test_a_child(world, way):
    """The same number is one child."""
    answers, grown = click_twice(
        way, world.people["asker"], "/children/new", "/children/new", CHILD
    )
    assert sorted(answer.status_code for answer in answers) in ([303, 409], [303, 422])
    assert grown == {"Child": 1, "Consent": 1}


@WAYS
def test_a_consent(world, way):
    url = f"/children/{world.child.public_id}"
    signed = {**CONSENT, "paper": File(picture(), "a.jpg")}
    answers, grown = click_twice(way, world.people["asker"], url, "/consents", signed)
    assert [answer.status_code for answer in answers] == [303, 303]
    assert grown == {"Consent": 1, "Document": 1}


def test_after_all_of_it_every_check_is_green(world):
    """The acts above in one world, each twice at once."""
    acts = [
        partial(test_a_pledge, world, both_at_once),
        partial(test_a_payment, world, both_at_once),
        partial(test_a_match, world, both_at_once),
        *[partial(test_a_request, world, both_at_once, action) for action in REQUEST_ACTS],
        partial(test_a_reversal, world, both_at_once),
    ]
    for act in acts:
        act()
    db.session.rollback()
    assert [result.check.name for result in run_checks() if not result.is_green] == []
