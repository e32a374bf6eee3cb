"""Who makes the request, as operations are told."""

import pytest
from flask import jsonify

from fundapp.access.actors import VISITOR
from fundapp.access.current import current_actor
from fundapp.access.marks import public
from tests.factories.identity import make_user, sign_in

pytestmark = pytest.mark.sqlite


@pytest.fixture
def who(app):
    """The address of a page that says who asks for it."""

    @public
    def who():
        actor = current_actor()
        return jsonify(
            ref=actor.ref,
            grants=[[grant.role, *sorted(grant.districts)] for grant in actor.grants],
            is_visitor=actor == VISITOR,
        )  # fmt: skip

    app.add_url_rule("/tests/who", view_func=who)
    return "/tests/who"


def test_without_a_session_it_is_a_visitor(client, who):
    assert client.get(who).json == {
        "ref": "public", "grants": [], "is_visitor": True,
    }  # fmt: skip


def test_a_signed_in_person_acts_with_the_roles_held_now(client, session, who):
    user = make_user("case_manager", ("9506",))
    sign_in(client, user)
    assert client.get(who).json == {
        "ref": user.public_id, "grants": [["case_manager", "9506"]], "is_visitor": False,
    }  # fmt: skip
