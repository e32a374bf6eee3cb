"""What the rules refuse to somebody who is signed in stands in the trail."""

import pytest
from sqlalchemy import select

from fundapp.access.permissions import Role
from fundapp.db import db
from fundapp.trail.models import AuditEvent
from tests.factories.children import RAMAN, YAHA, make_child, thai_pin
from tests.factories.identity import make_user, sign_in

pytestmark = pytest.mark.sqlite


@pytest.fixture
def manager(client, session, clock):
    manager = make_user(Role.CASE_MANAGER, (RAMAN,))
    sign_in(client, manager)
    return manager


def refusals(actor):
    db.session.rollback()
    statement = select(AuditEvent).where(
        AuditEvent.action == "identity:request:refuse", AuditEvent.actor == actor.public_id
    )
    return [
        (event.subject_ref, event.note)
        for event in db.session.scalars(statement.order_by(AuditEvent.id))
    ]


def test_a_page_for_another_role_and_a_thing_of_another_district(client, manager):
    other = make_child(district_code=YAHA)
    client.get("/audit/journal")
    client.get(f"/children/{other.public_id}")
    client.post(f"/children/{other.public_id}/close", data={"reason": "died"})
    assert refusals(manager) == [
        ("audit.journal", "ForbiddenError"),
        ("children.show", "NotFoundError"),
        ("children.close", "NotFoundError"),
    ]


def test_what_was_typed_is_not_kept(client, manager):
    client.get("/children/a-name-in-an-address?text=a-name")
    assert refusals(manager) == [("children.show", "NotFoundError")]


def test_what_is_allowed_or_only_typed_wrong_is_none(client, manager):
    client.get("/children")
    client.post("/children/find", data={"id": "nobody"})
    client.get("/no-such-address")
    assert refusals(manager) == []


def test_they_are_kept_up_to_a_limit(app, client, manager):
    app.config["LIMIT_REFUSALS"] = "3 per hour"
    codes = {client.get("/audit/journal").status_code for _ in range(6)}
    assert codes == {403}
    assert len(refusals(manager)) == 3


def test_looking_up_numbers_is_recorded_without_them_and_limited(app, client, manager):
    app.config["LIMIT_LOOK_UP"] = "3 per hour"
    child = make_child(manager, id_number=thai_pin(4242))
    numbers = [thai_pin(4242), thai_pin(1), child.code, thai_pin(2)]
    codes = [client.post("/children/find", data={"id": each}).status_code for each in numbers]
    assert codes == [303, 422, 303, 429]
    statement = select(AuditEvent).where(AuditEvent.action == "children:child:look-up")
    events = db.session.scalars(statement.order_by(AuditEvent.id)).all()
    assert [(event.subject_ref, event.note) for event in events] == [
        (child.public_id, ""),
        ("", "nothing found"),
        (child.public_id, ""),
    ]
