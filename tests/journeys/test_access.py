"""What people may not see is not found, what roles may not do is refused, and a page that is out of
date is refused with a link back.
"""

import re

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

#: Values of every form, so that nothing but the address can be wrong.
FILLED = {
    "reason": "A reason", "version": "1", "cancel-version": "1", "cancel-reason": "A reason",
    "fund": "GENERAL", "donor": "Hasan", "paid_on": "24/11/2569", "paid_from": "1121",
    "outcome": "received", "confirmed_on": "24/11/2569", "confirmed_by": "Aminah",
    "instalment_reference": "YLNOSUCH234", "amount": "500", "kind": "sensitive_facts",
    "signer_name": "Aminah", "signer_relation": "mother", "signed_on": "1/11/2569",
}  # fmt: skip

#: The people who try each route that they may use.
PEOPLE = ("asker", "approver", "officer", "auditor", "administrator")


@pytest.fixture
def no_form_tokens(fund_app):
    """Forms are sent without the page that they are on."""
    fund_app.config["WTF_CSRF_ENABLED"] = False


def routes_with_parameters(app):
    """The routes whose address names a thing."""
    rows = [row for row in route_matrix(app) if "<" in row.rule and row.endpoint != "static"]
    assert len(rows) > 30
    return rows


def filled_in(rule, text="1"):
    """The address with ``text`` for each thing it names."""
    return re.sub(r"<[^>]+>", text, rule)


def send(person, method, url):
    if method == "POST":
        return person.client.post(url, data=FILLED)
    return person.client.get(url)


@pytest.mark.sqlite
def test_unknown_things_are_not_found(world, fund_app, no_form_tokens):
    """404 for everybody who may use the route, for pages and forms, and nothing changes."""
    # Each unknown code counts against it, and several pages stand behind a code.
    fund_app.config["LIMIT_RECEIPT"] = "1000 per hour"
    make_message_once()
    before = everything()
    for row in routes_with_parameters(fund_app):
        for name in PEOPLE:
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


@pytest.mark.sqlite
def test_visitors_are_sent_to_the_sign_in_page(world, fund_app, browser):
    """Signing in leads back to the page that they asked for."""
    visitor = browser()
    for row in route_matrix(fund_app):
        if row.permission == "public":
            continue
        for method in row.methods:
            fund_app.config["WTF_CSRF_ENABLED"] = False
            answer = send(visitor, method, filled_in(row.rule))
            assert answer.status_code == 302, (method, row.rule)
            assert answer.headers["Location"].startswith("/sign-in"), row.rule
    fund_app.config["WTF_CSRF_ENABLED"] = True
    page = visitor.open(f"/disbursements/{world.waiting.public_id}")
    page.says("Sign in")
    email = world.users["approver"].email
    page = visitor.give_code(visitor.send(page, "/sign-in", email=email, password=PASSWORD), email)
    assert page.url == f"/disbursements/{world.waiting.public_id}"


@pytest.mark.sqlite
@pytest.mark.long
def test_other_roles_are_refused(world, fund_app, no_form_tokens):
    """403 with a sentence, at addresses of existing things, and nothing changes."""
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
    """By the first part of an address: a function that puts an existing thing into a rule."""
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


def test_children_and_requests_of_another_district_are_not_found(world, no_form_tokens):
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
    page = neighbour.open(f"/children/find?id={child.code}")
    page.says("None of the children you may see has this name, number or code.")
    lines = {"lines": child.public_id, f"amount-{child.public_id}": "100"}
    more = {"more_lines": f"{child.code} 100"}
    for chosen in (lines, more):
        answer = neighbour.client.post("/disbursements/new", data={**ASKED, **chosen})
        assert answer.status_code in (404, 422)
        assert child.public_id not in answer.text
    assert everything() == before


ASKED = {
    "fund": "GENERAL", "need": "education", "payee_kind": "guardian",
    "payee_name": "Aminah Invented", "payout_method": "cash", "reason": "Shoes",
}  # fmt: skip


@pytest.mark.sqlite
def test_sessions_and_gifts_of_others_are_not_found(world, no_form_tokens):
    theirs = db.session.scalars(
        db.select(UserSession).where(UserSession.user_id == world.users["officer"].id)
    ).one()
    donor = world.people["donor"]
    answer = donor.client.post(f"/sessions/{theirs.id}/revoke")
    assert answer.status_code == 404
    assert world.people["officer"].open("/today").status == 200
    donor.open("/my-giving").hides(world.pledge.token)
    assert donor.open("/today").status == 200


@pytest.mark.sqlite
def test_messages_are_shown_to_the_office_only(world, no_form_tokens):
    unit_of_work(make_message)
    message = db.session.scalars(db.select(MailMessage)).first()
    assert world.people["officer"].open(f"/outbox/{message.id}").status == 200
    assert world.people["asker"].open(f"/outbox/{message.id}").status == 403


STALE = [
    ("approver", "waiting", "/approve", {}),
    ("approver", "waiting", "/return", {"reason": "Another fund fits better"}),
    ("approver", "waiting", "/reject", {"reason": "Another fund fits better"}),
    ("officer", "approved", "/pay", {"paid_on": "24/11/2569", "paid_from": "1121"}),
    ("prover", "paid", "/prove", {"outcome": "received", "confirmed_by": "Aminah"}),
    ("asker", "waiting", "/cancel", {"cancel-reason": "Not needed any more"}),
]


@pytest.mark.sqlite
@pytest.mark.parametrize(("name", "which", "action", "typed"), STALE)
def test_a_page_that_is_out_of_date_is_refused_with_a_link_back(world, name, which, action, typed):
    """A page was open while somebody else acted: 409, and the request as it is now."""
    person, request = world.people[name], getattr(world, which)
    page = person.open(f"/disbursements/{request.public_id}")
    act_first(world, which)
    before = everything()
    answer = person.send(page, action, typed)
    assert answer.status == 409, answer.text
    answer.says("Nothing was changed")
    back = answer.link("Open the request again")
    assert person.open(back).status == 200
    assert everything() == before


def act_first(world, which):
    """Somebody else acts on the request before the form is sent."""
    if which == "waiting":
        decide(world.waiting, world.team)
    elif which == "approved":
        person, url = world.people["officer"], f"/disbursements/{world.approved.public_id}"
        person.send(person.open(url), "/pay", paid_on="24/11/2569", paid_from="1121")
    else:
        prove(world.paid, world.team)
    db.session.expire_all()


@pytest.mark.sqlite
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
        assert answer.status == 200, (action, answer.text)
        answer.says("matched this line meanwhile", "Nothing of yours was booked")
    assert everything() == before


@pytest.mark.sqlite
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


@pytest.mark.sqlite
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


@pytest.mark.sqlite
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


@pytest.mark.sqlite
def test_disabling_a_person_ends_the_session_at_once(world):
    """The session of a person who may no longer sign in ends with the next click."""
    admin, asker = world.people["administrator"], world.people["asker"]
    page = asker.open("/children/new")
    url = f"/users/{world.users['asker'].public_id}"
    admin.send(admin.open(url), "/disable")
    assert asker.open("/today").url.startswith("/sign-in")
    before = everything()
    assert asker.post(page, "/children/new", given_name="Nuri").status_code in (302, 400)
    assert everything() == before


@pytest.mark.sqlite
def test_a_form_without_its_token_does_nothing(world):
    """A form of another site, sent in the name of a signed-in person."""
    before = everything()
    officer = world.people["officer"]
    answer = officer.client.post(f"/payments/{world.payment.public_id}/reverse", data=FILLED)
    assert answer.status_code == 400
    assert "Go back, reload and send it again." in answer.text
    assert everything() == before
    assert make_payment(100).amount_satang == 100
