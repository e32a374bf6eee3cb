"""One request for hundreds of children: what the pages say before, and after each step."""

import io

import pytest

from fundapp.disbursements.models import RequestStatus
from tests.disbursements.views.pages import request_form, stored, text, url
from tests.factories.classes import SCHOOL, make_school
from tests.factories.disbursements import verify
from tests.factories.identity import sign_in

# Sentences of forms; that each step happens once is shown on both databases elsewhere.
pytestmark = pytest.mark.sqlite

COUNT = 500
BEFORE = f"{COUNT} children: this takes up to about 1 second, for all of them or for none."
AFTER = f"{COUNT} children, 5,000.00 baht in all."


def press_twice(client, address, **values):
    """The page after the first press, and what the second one answers."""
    first = client.post(address, data=values)
    assert first.status_code == 303
    shown = text(client.get(first.headers["Location"]))
    return shown, client.post(address, data=values)


def test_pages_say_how_long_many_children_take_and_for_how_many_it_was_done(team, english):
    codes = make_school(team.asker, COUNT)[-COUNT:]
    rows = "\n".join(["code,amount", *(f"{code},10" for code in codes)]).encode()
    typed = {
        **request_form(team, lines=[], payee_kind="school", payee_name=SCHOOL),
        f"amount-{team.child.public_id}": "",
    }
    sign_in(english, team.asker)
    few = english.post("/disbursements/new", data={**typed, "find": "1"})
    assert "data-under-way" not in text(few)
    filled = english.post("/disbursements/new", data={**typed, "file": (io.BytesIO(rows), "a.csv")})
    assert BEFORE in text(filled)
    assert "data-under-way" in text(filled)

    lines = "\n".join(f"{code} 10" for code in codes)
    sent, again = press_twice(
        english, "/disbursements/new", **typed, more_lines=lines, form_id="pressed-twice"
    )
    (request,) = stored()
    assert AFTER in sent
    assert again.headers["Location"] == url(request)
    verify(request, team)

    steps = (
        (team.approver, "approve", {"version": "1"}, RequestStatus.APPROVED),
        (team.payer, "pay", {"version": "2", "paid_on": "24/11/2569",
                             "paid_from": "1121"}, RequestStatus.PAID),
    )  # fmt: skip
    for person, action, values, status in steps:
        sign_in(english, person)
        assert BEFORE in text(english.get(url(request)))
        page, again = press_twice(english, url(request, action), **values)
        assert AFTER in page
        assert again.status_code == 409
        (request,) = stored()
        assert request.status is status
    assert (len(request.approvals), len(request.payouts)) == (1, 1)
