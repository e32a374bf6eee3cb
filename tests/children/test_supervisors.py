"""Supervisors: the files of their districts, who read them, and the proofs of receipt."""

import pytest

from fundapp.access.permissions import Role
from tests.factories.children import MUEANG, RAMAN, make_child
from tests.factories.disbursements import make_approved, make_team
from tests.factories.identity import give, make_user, sign_in

pytestmark = pytest.mark.sqlite


@pytest.fixture
def supervisor(client, session, clock):
    """A client, signed in as the supervisor of Raman."""
    sign_in(client, make_user(Role.SUPERVISOR, (RAMAN,)))
    return client


def read_by_a_manager(app, child, district):
    manager = app.test_client()
    sign_in(manager, make_user(Role.CASE_MANAGER, (district,), name=f"Manager {district}"))
    assert manager.get(f"/children/{child.public_id}").status_code == 200


def test_a_supervisor_reads_files_of_the_own_districts_and_changes_nothing(supervisor):
    own = make_child()
    elsewhere = make_child(district_code=MUEANG)
    shown = supervisor.get(f"/children/{own.public_id}")
    assert (shown.status_code, "/disbursements/new" in shown.text) == (200, False)
    assert supervisor.get(f"/children/{elsewhere.public_id}").status_code == 404
    page = supervisor.get("/children").text
    assert (own.code in page, elsewhere.code in page) == (True, False)
    assert supervisor.get("/children/new").status_code == 403
    assert supervisor.post(f"/children/{own.public_id}/close").status_code == 403


def test_a_supervisor_sees_who_read_the_files_of_the_own_districts(app, supervisor):
    own = make_child()
    elsewhere = make_child(district_code=MUEANG)
    read_by_a_manager(app, own, RAMAN)
    read_by_a_manager(app, elsewhere, MUEANG)
    page = supervisor.get("/children/reads").text
    assert (f"Manager {RAMAN}" in page, f"Manager {MUEANG}" in page) == (True, False)
    assert (own.code in page, elsewhere.code in page) == (True, False)


def test_a_supervisor_who_is_a_case_manager_elsewhere_sees_no_reads_there(app, session, clock):
    """By exception, each role with its own districts."""
    both = make_user(Role.SUPERVISOR, (RAMAN,), roles=[Role.SUPERVISOR, Role.CASE_MANAGER])
    give(both, {Role.SUPERVISOR: frozenset({RAMAN}), Role.CASE_MANAGER: frozenset({MUEANG})})
    child = make_child(district_code=MUEANG)
    read_by_a_manager(app, child, MUEANG)
    client = app.test_client()
    sign_in(client, both)
    assert client.get(f"/children/{child.public_id}").status_code == 200
    assert f"Manager {MUEANG}" not in client.get("/children/reads").text


def test_a_supervisor_sees_requests_of_the_own_districts_and_no_other_money(supervisor):
    """To file what the payee says; whoever asks, decides and pays is somebody else."""
    request = make_approved(make_team())
    elsewhere = make_approved(make_team(district=MUEANG, fund="SECOND"))
    page = supervisor.get("/disbursements").text
    assert (request.number in page, elsewhere.number in page) == (True, False)
    assert supervisor.get(f"/disbursements/{request.public_id}").status_code == 200
    assert supervisor.get(f"/disbursements/{elsewhere.public_id}").status_code == 404
    for verb in ("approve", "pay"):
        answer = supervisor.post(
            f"/disbursements/{request.public_id}/{verb}", data={"version": "1"}
        )
        assert answer.status_code in (403, 404), verb
    for address in ("/payments", "/donors", "/audit/journal", "/bank/lines", "/proposals"):
        assert supervisor.get(address).status_code == 403, address
