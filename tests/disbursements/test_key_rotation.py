"""The keys are rotated as docs/operations.md says, with requests in every state; all of them can
still be decided on, paid and proved.
"""

import pytest

from config import SettingError
from fundapp.access.actors import COMMAND_LINE
from fundapp.children.batches import rotate_keys
from fundapp.children.errors import KeysInUseError
from fundapp.children.operations import retire_old_keys
from fundapp.crypto import KeyringError
from fundapp.db import db, unit_of_work
from fundapp.db.encrypted_columns import encrypted_columns, key_ids_in_use
from fundapp.disbursements import operations
from fundapp.disbursements.models import Decision, DisbursementRequest, RequestStatus
from fundapp.remarks.models import RemarkKind
from fundapp.remarks.steps import write_remark
from tests.conftest import dispose, made_up_key, make_app, settings
from tests.factories.children import make_child
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
from tests.factories.identity import sign_in

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


def test_a_rotation_that_was_killed_goes_on(team, app, restart):
    """Each batch is committed; the next run finds what is left. Meanwhile everything is readable,
    what is written is written with the new key, and the old key cannot be taken away.
    """
    requests = [make_approved(team) for _ in range(3)]
    old = app.config["FIELD_KEYS"]
    both = restart(f"{NEW},{old}")
    with both.app_context():
        done = rotate_keys(actor=COMMAND_LINE)
        assert next(done)[0] == "digest_keys"
        assert next(done)[0] in encrypted_columns()
        done.close()
        pay(again(requests[0]), team)
        make_child(team.asker)
        assert key_ids_in_use(db.session.connection()) == {"k1", "k2"}
        db.session.remove()
    with pytest.raises(SettingError, match="the key k1"):
        restart(NEW)
    assert "FIELD_KEYS needs no other key now" in rotate(both)
    with restart(NEW).app_context():
        assert key_ids_in_use(db.session.connection()) == {"k2"}
        db.session.rollback()
        pay(again(requests[1]), team)


def test_the_old_key_stays_while_a_process_still_writes_with_it(team, app, restart):
    both = restart(f"{NEW},{app.config['FIELD_KEYS']}")
    with both.app_context():
        assert [name for name, _ in rotate_keys(actor=COMMAND_LINE)]
        db.session.remove()
    # By the process that was not restarted; what it cannot read it cannot write either.
    remark = {"kind": RemarkKind.LINE, "subject_type": "statement_line", "subject_ref": "1"}
    unit_of_work(write_remark, "A reason", **remark, actor=team.asker.as_actor())
    with pytest.raises(KeyringError, match="needs a field key named 'k2'"):
        make_child(team.asker)
    with both.app_context(), pytest.raises(KeysInUseError, match="still encrypted with k1"):
        unit_of_work(retire_old_keys, actor=COMMAND_LINE)
    with pytest.raises(SettingError, match="the key k1"):
        restart(NEW)


@pytest.mark.sqlite
def test_a_secret_key_changes_at_any_time(team, app, client, tmp_path):
    """Nobody is signed out by it."""
    sign_in(client, team.asker)
    assert client.get("/children").status_code == 200
    values = settings(app.config["SQLALCHEMY_DATABASE_URI"], tmp_path)
    other = make_app({**values, "SECRET_KEY": made_up_key("another secret")})
    cookie = client.get_cookie(app.config["SESSION_TOKEN_COOKIE"])
    later = other.test_client()
    later.set_cookie(cookie.key, cookie.value)
    assert later.get("/children").status_code == 200
    dispose(other)


@pytest.mark.sqlite
def test_a_page_whose_values_cannot_be_opened_is_no_fault_of_the_program(
    team, app, client, restart
):
    """A server that was not restarted says so, and the visitor what to do."""
    rotate(restart(f"{NEW},{app.config['FIELD_KEYS']}"))
    client.set_cookie("lang", "en")
    sign_in(client, team.asker)
    answer = client.get("/children")
    assert answer.status_code == 503
    assert "cannot be opened with the keys" in answer.text
    assert client.get("/readyz").json["keys"] == "not those of this database"
