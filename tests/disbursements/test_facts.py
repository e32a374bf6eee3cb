"""The hash of what is decided on."""

import pytest

from fundapp.db import db
from fundapp.disbursements.drafts import LineDraft, PayeeAccount
from fundapp.disbursements.encryption import encrypt_people
from fundapp.disbursements.facts import current_facts
from fundapp.disbursements.models import DisbursementRequest, Need, PayoutMethod
from tests.factories.children import make_child
from tests.factories.disbursements import make_request, make_team, request_draft


@pytest.fixture
def team(session, clock):
    return make_team()


def test_stored_facts_give_the_hash_that_was_taken(team):
    request = make_request(team)
    db.session.expire_all()
    assert current_facts(request) == request.facts_sha256
    assert len(request.facts_sha256) == 32


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("need", Need.FOOD),
        ("fund_code", "OTHER"),
        ("district_code", "9505"),
        ("payout_method", PayoutMethod.CASH),
        ("number", "RQ0"),
    ],
)
def test_every_plain_fact_counts(team, field, value):
    request = make_request(team)
    with db.session.no_autoflush:
        setattr(request, field, value)
        assert current_facts(request) != request.facts_sha256
    db.session.rollback()


@pytest.mark.parametrize(
    "change",
    [
        {"payee_name": "Somebody Else"},
        {"account": PayeeAccount("006", "1234567891")},
        {"account": PayeeAccount("004", "1234567890")},
        {"reason": "Another reason"},
    ],
)
def test_everything_sealed_counts(team, change):
    request = make_request(team)
    with db.session.no_autoflush:
        encrypt_people(request, request_draft(team, **change))
        assert current_facts(request) != request.facts_sha256
    db.session.rollback()


def test_amounts_and_children_count_but_not_their_order(team):
    other = make_child(team.asker)
    lines = [LineDraft(team.child.public_id, 1), LineDraft(other.public_id, 2)]
    one, two, swapped = (
        make_request(team, lines=order)
        for order in (
            lines,
            lines[::-1],
            [LineDraft(team.child.public_id, 2), LineDraft(other.public_id, 1)],
        )
    )
    assert _without_number(one) == _without_number(two) != _without_number(swapped)


def _without_number(request: DisbursementRequest) -> bytes:
    with db.session.no_autoflush:
        request.number = "RQ"
        found = current_facts(request)
    db.session.expire(request)
    return found


def test_the_hash_is_keyed_so_nobody_can_guess_the_account(team, app):
    """The same request under other keys has other facts."""
    request = make_request(team)
    before = request.facts_sha256
    ring = app.extensions["keyring"]
    app.extensions["keyring"] = type(ring)({**ring.keys, "old": bytes(32)})
    assert current_facts(request) != before
