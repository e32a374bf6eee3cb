"""`children.consent` compares what is shown with what the trail says, whatever the rows say."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from fundapp.audit.checks import consents
from fundapp.children.models import ConsentKind
from fundapp.children.operations import withdraw_consent
from fundapp.db import db, unit_of_work
from fundapp.disbursements.models import Need
from tests.audit.tampering import tampered
from tests.factories.disbursements import make_approved, make_paid, make_team

WITHDRAWN = "UPDATE consents SET withdrawn_on = NULL"
FORGED = (
    "INSERT INTO consents (id, child_id, kind, signer_name_encrypted, relation, signed_on,"
    " recorded_by_id, recorded_at) SELECT id + 1, child_id, kind, signer_name_encrypted, relation,"
    " signed_on, recorded_by_id, recorded_at FROM consents WHERE kind = 'keep_file'"
)


@pytest.fixture
def team(build_once, clock):
    return build_once("team", make_team)


def withdraw(team, kind=ConsentKind.KEEP_FILE):
    consent = next(each for each in team.child.consents if each.kind is kind)
    unit_of_work(withdraw_consent, team.child.public_id, consent.id, actor=team.asker.as_actor())


def problems():
    db.session.expire_all()
    return {(found.ref, found.problem) for found in consents.consents()}


def test_it_is_green_before_and_after_a_withdrawal(team):
    make_approved(team)
    make_paid(team, need=Need.HEALTH)
    assert problems() == set()
    withdraw(team, ConsentKind.SENSITIVE_FACTS)
    assert problems() == set()
    withdraw(team)
    assert problems() == set()


def test_a_withdrawal_undone_by_raw_sql_turns_it_red(team):
    request = make_approved(team)
    withdraw(team)
    with tampered(WITHDRAWN):
        assert problems() == {
            (team.child.code, "shows a file that no consent allows"),
            (team.child.code, "has a consent whose withdrawal is not as the trail says"),
            (request.number, "shows what no consent allows"),
        }


def test_a_forged_consent_turns_it_red(team):
    request = make_approved(team)
    withdraw(team)
    unit_of_work(lambda: db.session.execute(text(FORGED)))
    assert problems() == {
        (team.child.code, "shows a file that no consent allows"),
        (team.child.code, "has a consent that the trail does not know"),
        (request.number, "shows what no consent allows"),
    }


def test_so_does_that_of_a_consent_to_facts_on_health(team):
    health, school = make_approved(team, need=Need.HEALTH), make_approved(team)
    withdraw(team, ConsentKind.SENSITIVE_FACTS)
    with tampered(WITHDRAWN):
        found = problems()
        assert (health.number, "shows what no consent allows") in found
        assert school.number not in {ref for ref, _problem in found}


def test_a_withdrawal_that_nobody_recorded_turns_it_red(team):
    with tampered("UPDATE consents SET withdrawn_on = '2026-11-24'"):
        assert problems() == {
            (team.child.code, "has a consent whose withdrawal is not as the trail says")
        }


def test_a_view_that_forgets_the_consent_turns_it_red(team, monkeypatch):
    """It asks the function that pages ask: here one that does as the old pages did."""
    from fundapp.disbursements.policy import ShownParts

    request = make_approved(team)
    withdraw(team)
    monkeypatch.setattr(
        consents, "shown_parts", lambda *_of: ShownParts(reason=True, payee=True, receipt=True)
    )
    assert problems() == {(request.number, "shows what no consent allows")}


@pytest.mark.parametrize(
    "change",
    [
        WITHDRAWN,
        "UPDATE consents SET withdrawn_on = '2027-01-01'",
        "UPDATE consents SET kind = 'photograph'",
        "UPDATE consents SET expires_on = '2099-01-01'",
        "DELETE FROM consents",
    ],
)
def test_the_database_keeps_a_consent_as_it_was_signed(team, change):
    withdraw(team)
    with pytest.raises(IntegrityError, match="consents are kept as signed"):
        unit_of_work(lambda: db.session.execute(text(change)))
