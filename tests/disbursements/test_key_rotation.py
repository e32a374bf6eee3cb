"""The keys are rotated as docs/operations.md says, with requests in every state; all of them can
still be decided on, paid and proved.
"""

import pytest

from fundapp.db import db, unit_of_work
from fundapp.disbursements import operations
from fundapp.disbursements.models import Decision, DisbursementRequest, RequestStatus
from tests.conftest import dispose, made_up_key, make_app, settings
from tests.factories.disbursements import (
    decide,
    make_approved,
    make_paid,
    make_request,
    pay,
    prove,
    read,
    request_draft,
)

NEW = f"k2:{made_up_key('k2')}"


@pytest.fixture
def restart(app, tmp_path):
    """Starts the program again on the same database, with other keys."""
    started = []

    def start(field_keys):
        values = settings(app.config["SQLALCHEMY_DATABASE_URI"], tmp_path)
        again = make_app({**values, "FIELD_KEYS": field_keys})
        started.append(again)
        return again

    yield start
    for again in started:
        dispose(again)


def rotate(app):
    result = app.test_cli_runner().invoke(args=["keys", "rotate"])
    assert result.exit_code == 0, result.output
    return result.output


def rotate_as_documented(app, restart):
    """New key first, restart, rotate, take the old key away, restart."""
    old = app.config["FIELD_KEYS"]
    rotate(restart(f"{NEW},{old}"))
    return restart(NEW)


def again(request):
    return db.session.scalars(
        db.select(DisbursementRequest).where(DisbursementRequest.id == request.id)
    ).one()


def test_every_request_goes_on_after_a_rotation(team, app, restart):
    submitted, returned = make_request(team), make_request(team)
    decide(returned, team, Decision.RETURN)
    approved, paid, confirmed = make_approved(team), make_paid(team), make_paid(team)
    prove(confirmed, team)

    with rotate_as_documented(app, restart).app_context():
        request = decide(again(submitted), team)
        pay(request, team)
        assert request.status is RequestStatus.PAID

        pay(again(approved), team)
        prove(again(paid), team)
        assert read(again(confirmed), team).payee_name == "Aminah Invented"

        request = again(returned)
        unit_of_work(
            operations.resubmit_request,
            request.public_id,
            request_draft(team),
            version=request.version,
            actor=team.asker.as_actor(),
        )
        assert pay(decide(again(returned), team), team).amount_satang == request.total_satang
