"""Other people's things are not there, other roles' doors are shut, and what changed meanwhile is
told with a way back.
"""

import pytest

from fundapp.db import db, unit_of_work
from fundapp.disbursements.models import RequestStatus
from fundapp.identity.matrix import route_matrix
from fundapp.identity.models import UserSession
from fundapp.mail.models import MailMessage
from tests.factories.disbursements import decide, make_request, prove
from tests.factories.giving import make_payment
from tests.factories.identity import PASSWORD
from tests.factories.mail import make_message
from tests.journeys.world import everything

#: What a form of each act holds, so that nothing but the address can be wrong.
FILLED = {
    "reason": "A reason", "version": "1", "cancel-version": "1", "cancel-reason": "A reason",
    "fund": "GENERAL", "donor": "Hasan", "paid_on": "24/11/2569", "paid_from": "1121",
    "outcome": "received", "confirmed_on": "24/11/2569", "confirmed_by": "Aminah",
    "instalment_reference": "YLNOSUCH234", "amount": "500", "kind": "photograph",
    "signer_name": "Aminah", "signer_relation": "mother", "signed_on": "1/11/2569",
}  # fmt: skip

#: Who may go through each door, for trying it with an address of nothing.
INSIDERS = ("asker", "approver", "officer", "auditor", "administrator")


@pytest.fixture
def open_doors(fund_app):
    """Acts are tried without the page they stand on."""
    fund_app.config["WTF_CSRF_ENABLED"] = False


def with_gaps(app):
    """The routes that name a thing."""
    rows = [row for row in route_matrix(app) if "<" in row.rule and row.endpoint != "static"]
    assert len(rows) > 30
    return rows


def filled_in(rule, text="1"):
    """The address with ``text`` for each thing it names."""
    parts = [(text if part.startswith("<") else part) for part in rule.split("/")]
    return "/".join(parts)


def send(person, method, url):
    if method == "POST":
        return person.client.post(url, data=FILLED)
    return person.client.get(url)


def test_nothing_is_at_an_address_of_nothing(world, fund_app, open_doors):
    """404 for everybody whom the door lets through, reading and acting, and nothing changes."""
    make_message_once()
    before = everything()
    for row in with_gaps(fund_app):
        for name in INSIDERS:
            role = world.users[name].roles[0].role
            if not row.allowed[role]:
                continue
            for method in row.methods:
                answer = send(world.people[name], method, filled_in(row.rule))
                assert answer.status_code == 404, (name, method, row.rule)
                assert "Nothing here" in answer.text
    assert everything() == before


def make_message_once():
    unit_of_work(make_message)


def test_strangers_are_sent_to_the_door(world, fund_app, browser):
    """And come back to where they wanted to go after they have signed in."""
    stranger = browser()
    for row in route_matrix(fund_app):
        if row.permission == "public":
            continue
        for method in row.methods:
            fund_app.config["WTF_CSRF_ENABLED"] = False
            answer = send(stranger, method, filled_in(row.rule))
            assert answer.status_code == 302, (method, row.rule)
            assert answer.headers["Location"].startswith("/sign-in"), row.rule
    fund_app.config["WTF_CSRF_ENABLED"] = True
    page = stranger.open(f"/disbursements/{world.waiting.public_id}")
    page.says("Sign in")
    page = stranger.send(page, "/sign-in", email=world.users["approver"].email, password=PASSWORD)
    assert page.url == f"/disbursements/{world.waiting.public_id}"


def test_other_roles_doors_are_shut(world, fund_app, open_doors):
    """403 with a sentence; with real things behind the doors, nothing changes."""
    things = addresses(world)
    before = everything()
    for row in route_matrix(fund_app):
        for name, user in world.users.items():
            if row.allowed[user.roles[0].role]:
                continue
            for method in row.methods:
                url = things.get(row.rule.split("/")[1], filled_in)(row.rule)
                answer = send(world.people[name], method, url)
                assert answer.status_code == 403, (name, method, url)
                assert "Not for this role" in answer.text
    assert everything() == before


def addresses(world):
    """By the first part of an address: a function that names a real thing in it."""
    things = {
        "disbursements": world.waiting,
        "children": world.child,
        "payments": world.payment,
        "bank": world.line,
        "users": world.users["donor"],
    }
    return {
        part: lambda rule, thing=thing: filled_in(rule.replace("<public_id>", thing.public_id))
        for part, thing in things.items()
    }


def test_another_districts_child_and_requests_are_not_there(world, open_doors):
    """Not in a list, not by their address, not by their number, not in a form's choices."""
    neighbour, child = world.people["neighbour"], world.child
    before = everything()
    consent = child.consents[0].id
    for path in ("", "/edit", f"/consents/{consent}/paper"):
        assert neighbour.open(f"/children/{child.public_id}{path}").status == 404
    for path in ("/edit", "/close", "/consents", f"/consents/{consent}/withdraw"):
        assert (
            neighbour.client.post(f"/children/{child.public_id}{path}", data=FILLED).status_code
            == 404
        )
    for request in (world.waiting, world.approved, world.paid):
        for path in ("", "/edit", "/voucher", "/papers/x"):
            assert neighbour.open(f"/disbursements/{request.public_id}{path}").status == 404
        for path in ("/edit", "/cancel", "/prove"):
            answer = neighbour.client.post(f"/disbursements/{request.public_id}{path}", data=FILLED)
            assert answer.status_code == 404, path
    for path in ("/children", "/disbursements", "/disbursements/new"):
        neighbour.open(path).hides(child.code, child.public_id, world.waiting.number)
    neighbour.open(f"/children/new?guardian={child.guardian.public_id}").hides("Aminah")
    found = neighbour.open(f"/children/find?id={child.code}")
    found.says("None of the children you may see has this number or code.")
    lines = {"lines": child.public_id, f"amount-{child.public_id}": "100"}
    more = {"more_lines": f"{child.code} 100"}
    for chosen in (lines, more):
        answer = neighbour.client.post("/disbursements/new", data={**ASKED, **chosen})
        assert answer.status_code in (404, 422)
        assert child.public_id not in answer.text
    assert everything() == before


ASKED = {
    "fund": "GENERAL", "need": "education", "payee_kind": "guardian", "payee_name": "Aminah",
    "payout_method": "cash", "reason": "Shoes",
}  # fmt: skip


def test_other_peoples_sessions_and_gifts_are_not_there(world, open_doors):
    theirs = db.session.scalars(
        db.select(UserSession).where(UserSession.user_id == world.users["officer"].id)
    ).one()
    donor = world.people["donor"]
    answer = donor.client.post(f"/sessions/{theirs.id}/revoke")
    assert answer.status_code == 404
    assert world.people["officer"].open("/today").status == 200
    donor.open("/my-giving").hides(world.pledge.token)
    assert donor.open("/today").status == 200


def test_letters_are_of_the_office(world, open_doors):
    unit_of_work(make_message)
    letter = db.session.scalars(db.select(MailMessage)).first()
    assert world.people["officer"].open(f"/outbox/{letter.id}").status == 200
    assert world.people["asker"].open(f"/outbox/{letter.id}").status == 403


STALE = [
    ("approver", "waiting", "/approve", {}),
    ("approver", "waiting", "/return", {"reason": "Another fund fits better"}),
    ("approver", "waiting", "/reject", {"reason": "Another fund fits better"}),
    ("officer", "approved", "/pay", {"paid_on": "24/11/2569", "paid_from": "1121"}),
    ("asker", "paid", "/prove", {"outcome": "received", "confirmed_by": "Aminah"}),
    ("asker", "waiting", "/cancel", {"cancel-reason": "Not needed any more"}),
]


@pytest.mark.parametrize(("name", "which", "action", "typed"), STALE)
def test_what_changed_meanwhile_is_told_with_a_way_back(world, name, which, action, typed):
    """A page was open while somebody else acted: 409, and the request as it is now."""
    person, request = world.people[name], getattr(world, which)
    page = person.open(f"/disbursements/{request.public_id}")
    move_on(world, which)
    before = everything()
    answer = person.send(page, action, typed)
    assert answer.status == 409, answer.text
    answer.says("Nothing was changed")
    back = answer.link("Open the request again")
    assert person.open(back).status == 200
    assert everything() == before


def move_on(world, which):
    """Somebody is quicker."""
    if which == "waiting":
        decide(world.waiting, world.team)
    elif which == "approved":
        person, url = world.people["officer"], f"/disbursements/{world.approved.public_id}"
        person.send(person.open(url), "/pay", paid_on="24/11/2569", paid_from="1121")
    else:
        prove(world.paid, world.team)
    db.session.expire_all()


def test_a_line_that_was_matched_meanwhile(world):
    officer = world.people["officer"]
    page = officer.open(f"/bank/lines/{world.line.public_id}")
    officer.send(page, "/match")
    before = everything()
    for action, typed in (
        ("/match", {}),
        ("/gift", {"fund": "GENERAL"}),
        ("/hold", {"reason": "Asking the bank"}),
    ):
        answer = officer.send(page, action, typed)
        assert answer.status == 409, (action, answer.text)
        assert answer.link("Go back").endswith(f"/bank/lines/{world.line.public_id}")
    assert everything() == before


def test_a_returned_request_that_was_sent_again_meanwhile(world):
    asker = world.people["asker"]
    request = make_request(world.team)
    approver = world.people["approver"]
    url = f"/disbursements/{request.public_id}"
    approver.send(approver.open(url), "/return", reason="Another fund fits better")
    page = asker.open(f"{url}/edit")
    assert asker.send(page, "/edit", reason="Shoes, and books too").url == url
    before = everything()
    answer = asker.send(page, "/edit", reason="Shoes only")
    assert answer.status in (404, 409), answer.text
    assert answer.link("Go back")
    assert everything() == before
    db.session.refresh(request)
    assert request.status is RequestStatus.SUBMITTED


def test_a_childs_file_that_somebody_corrected_meanwhile(world):
    asker, url = world.people["asker"], f"/children/{world.child.public_id}"
    page = asker.open(f"{url}/edit")
    first = asker.send(page, "/edit", school_name="Ban Old School", given_name="Nuri")
    first.says("The file was changed.")
    before = everything()
    answer = asker.send(page, "/edit", school_name="Ban Second School")
    assert answer.status == 409, answer.text
    assert answer.link("Go back").endswith(f"{url}/edit")
    assert everything() == before
    again = asker.send(asker.open(f"{url}/edit"), "/edit", school_name="Ban Second School")
    again.says("The file was changed.", "Nuri")


def test_a_pledge_that_was_cancelled_meanwhile(world):
    donor, url = world.people["donor"], f"/pledges/{world.pledge.token}"
    page = donor.open(url)
    donor.send(page, "/cancel")
    before = everything()
    for action, typed in (("/change", {"amount": "100"}), ("/pause", {}), ("/cancel", {})):
        answer = donor.send(page, action, typed)
        assert answer.status == 409, (action, answer.text)
        assert answer.link("Go back").endswith(url)
    assert everything() == before


def test_who_is_disabled_is_out_at_once(world):
    """The session of a person who may no longer sign in ends with the next click."""
    admin, asker = world.people["administrator"], world.people["asker"]
    page = asker.open("/children/new")
    url = f"/users/{world.users['asker'].public_id}"
    admin.send(admin.open(url), "/disable")
    assert asker.open("/today").url.startswith("/sign-in")
    before = everything()
    assert asker.post(page, "/children/new", given_name="Nuri").status_code in (302, 400)
    assert everything() == before


def test_a_form_without_its_token_does_nothing(world):
    """Posting from elsewhere, in a signed-in person's name."""
    before = everything()
    officer = world.people["officer"]
    answer = officer.client.post(f"/payments/{world.payment.public_id}/reverse", data=FILLED)
    assert answer.status_code == 400
    assert "Go back, reload and send it again." in answer.text
    assert everything() == before
    assert make_payment(100).amount_satang == 100
