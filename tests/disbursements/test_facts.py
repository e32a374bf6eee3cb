"""The hash of what is decided on."""

import pytest
from sqlalchemy import text

from fundapp.children.models import Purpose
from fundapp.children.reader import Reader
from fundapp.crypto import keyring
from fundapp.db import db, unit_of_work
from fundapp.disbursements.drafts import LineDraft, PayeeAccount
from fundapp.disbursements.encryption import encrypt_request
from fundapp.disbursements.facts import current_facts
from fundapp.disbursements.models import Need, PayoutMethod
from tests.conftest import made_up_key
from tests.factories.children import make_child
from tests.factories.disbursements import make_request, request_draft


def facts(request, team, change=None):
    """The facts of the request after ``change``, which is not kept."""

    def work():
        with db.session.no_autoflush:
            if change is not None:
                change(request)
            reader = Reader(team.approver.as_actor(), Purpose.DECISION)
            changed_facts = current_facts(request, reader)
            db.session.expire(request.payee)
            db.session.expire(request)
        return changed_facts

    return unit_of_work(work)


def test_stored_facts_have_the_hash_that_was_taken(team):
    request = make_request(team)
    assert facts(request, team) == request.facts_sha256
    assert len(request.facts_sha256) == 32


@pytest.mark.sqlite
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
    assert facts(request, team, lambda row: setattr(row, field, value)) != request.facts_sha256


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "change",
    [
        {"payee_name": "Somebody Else"},
        {"account": PayeeAccount("006", "1234567891")},
        {"account": PayeeAccount("004", "1234567890")},
        {"reason": "Another reason"},
    ],
)
def test_every_encrypted_fact_counts(team, change):
    request = make_request(team)
    draft = request_draft(team, **change)
    assert facts(request, team, lambda row: encrypt_request(row, draft)) != request.facts_sha256


@pytest.mark.sqlite
def test_amounts_and_children_count_but_not_their_order(team):
    other = make_child(team.asker)
    lines = [LineDraft(team.child.public_id, 1), LineDraft(other.public_id, 2)]
    swapped = [LineDraft(team.child.public_id, 2), LineDraft(other.public_id, 1)]
    in_order, reversed_, changed = (
        facts(make_request(team, lines=each), team, lambda row: setattr(row, "number", "RQ"))
        for each in (lines, lines[::-1], swapped)
    )
    assert in_order == reversed_ != changed


@pytest.mark.sqlite
def test_the_hash_is_keyed_so_nobody_can_guess_the_account(team):
    """The same request under another digest key has other facts."""
    request = make_request(team)
    other = keyring().encrypt(made_up_key("another digest key"), "digest_keys.key_encrypted.1")
    change = text("UPDATE digest_keys SET key_encrypted = :other")
    unit_of_work(lambda: db.session.execute(change, {"other": other}))
    db.session.info.clear()  # as in the next request
    assert facts(request, team) != request.facts_sha256
