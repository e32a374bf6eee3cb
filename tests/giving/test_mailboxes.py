"""A donor is a person or a body, not an address: people share a mailbox, and a stranger who types
somebody's address puts nothing into that account.
"""

import re
from html import unescape

import pytest
from sqlalchemy import select

from fundapp.access.permissions import Role
from fundapp.db import unit_of_work
from fundapp.giving.models import Donor, Pledge, Receipt
from fundapp.giving.operations import connect_donor
from fundapp.giving.queries import find_receipt_of, get_pledge, list_donors
from fundapp.mail.models import MailMessage
from tests.factories.actors import OFFICER
from tests.factories.giving import make_donor, make_payment, make_pledge
from tests.factories.identity import make_user, sign_in

GIVE = {"fund": "GENERAL", "frequency": "once", "method": "cash"}
AMINAH = {**GIVE, "amount": "100", "name": "อามีนะห์ ทดลองคู่", "email": "family@example.org"}
ABDULLAH = {**GIVE, "amount": "250", "name": "อับดุลเลาะ ทดลองคู่", "email": "family@example.org"}


@pytest.fixture
def visit(app, funds):
    """A browser in English: `visit(user)` signs in."""

    def begin(user=None):
        client = app.test_client()
        client.set_cookie("lang", "en")
        if user is not None:
            sign_in(client, user)
        return client

    return begin


def give(client, form):
    answer = client.post("/give", data=form)
    assert answer.status_code == 303, answer.text
    return get_pledge(answer.location.removeprefix("/pledges/"))


def messages(session):
    session.expire_all()
    return list(session.scalars(select(MailMessage).order_by(MailMessage.id)))


def link(message):
    return re.search(r"/my-giving/confirm/[\w-]+", message.body)[0]


def test_two_people_of_one_mailbox_have_files_and_receipts_of_their_own(visit, funds):
    officer, guest = visit(make_user(Role.FUND_OFFICER)), visit()
    for form in (AMINAH, ABDULLAH):
        reference = give(guest, form).instalments[0].reference
        paid = {"amount": form["amount"], "method": "cash", "received_on": "24/11/2569"}
        cash = officer.post("/payments/new", data={**paid, "reference": reference})
        assert cash.status_code == 303
    funds.expire_all()
    names = funds.scalars(select(Receipt.donor_name).order_by(Receipt.number)).all()
    assert names == [AMINAH["name"], ABDULLAH["name"]]
    listed = officer.get("/donors").text
    assert listed.count('row"><a href="/donors/') == 2
    found = officer.post("/donors", data={"q": "อับดุลเลาะ"}).text
    assert found.count('row"><a href="/donors/') == 1
    url = re.search(r'row"><a href="(/donors/[\w-]+)"', found)[1]
    page = officer.get(url).text
    assert page.count("/receipts/") == 1
    assert "250.00" in page
    assert "100.00" not in page
    others = re.sub("<[^>]*>", "", page[page.index("Perhaps the same donor") :])
    assert AMINAH["name"] in others


def test_the_same_person_again_is_the_same_donor(visit, funds):
    guest = visit()
    first = give(guest, AMINAH)
    second = give(guest, {**AMINAH, "name": "  อามีนะห์   ทดลองคู่ ", "email": "FAMILY@example.org"})
    assert first.donor_id == second.donor_id


@pytest.mark.sqlite
def test_who_types_anothers_address_puts_nothing_into_the_account(visit, funds):
    user = make_user(Role.DONOR, email="family@example.org", name="อามีนะห์ ทดลองคู่")
    account = visit(user)
    own = give(account, AMINAH)
    strange = give(visit(), {**AMINAH, "amount": "777"})
    make_payment(77_700, strange.instalments[0])
    assert strange.donor_id == own.donor_id, "even under the same name"
    receipt = find_receipt_of(own.id) or funds.scalars(select(Receipt)).one()
    page = account.get("/my-giving").text
    assert f"/pledges/{own.token}" in page
    for hidden in (strange.token, receipt.code, "777"):
        assert hidden not in page


def test_a_gift_is_confirmed_from_the_mailbox(visit, funds):
    user = make_user(Role.DONOR, email="family@example.org")
    pledge = give(visit(), AMINAH)
    [message] = messages(funds)
    assert message.to_address == "family@example.org"
    assert pledge.token not in message.body
    account, url = visit(user), link(message)
    asked = account.get(url)
    assert "A pledge of 100.00 baht waits for your confirmation." in asked.text
    assert pledge.token not in asked.text
    assert asked.headers["X-Robots-Tag"] == "noindex"
    assert pledge.token not in account.get("/my-giving").text
    for _ in range(2):
        assert account.post(url).location == "/my-giving"
    assert pledge.token in account.get("/my-giving").text
    assert account.get(url).location == "/my-giving"
    later = give(visit(), AMINAH)
    assert later.token not in account.get("/my-giving").text, "each one is confirmed"


@pytest.mark.sqlite
def test_the_link_asks_to_sign_in_first(visit, funds):
    make_user(Role.DONOR, email="family@example.org")
    pledge = give(visit(), AMINAH)
    url, guest = link(messages(funds)[0]), visit()
    assert "/sign-in" in guest.get(url).location
    assert "/sign-in" in guest.post(url).location
    funds.expire_all()
    assert funds.get(Pledge, pledge.id).confirmed_at is None


@pytest.mark.sqlite
@pytest.mark.parametrize("code", ["nothing", "x" * 3000, "%00", "%F0%9F"])
def test_an_unknown_link(visit, code):
    account = visit(make_user(Role.DONOR))
    assert account.get(f"/my-giving/confirm/{code}").status_code in {400, 404}
    assert account.post(f"/my-giving/confirm/{code}").status_code in {400, 404}


@pytest.mark.sqlite
def test_the_gift_of_another_account_is_not_taken_over(visit, funds):
    first, second = make_user(Role.DONOR, email="family@example.org"), make_user(Role.DONOR)
    give(visit(first), AMINAH)
    pledge = give(visit(), AMINAH)
    account, url = visit(second), link(messages(funds)[0])
    assert account.post(url).status_code == 409
    assert pledge.token not in account.get("/my-giving").text


@pytest.mark.sqlite
def test_an_address_without_an_account_gets_no_message(visit, funds):
    give(visit(), AMINAH)
    assert messages(funds) == []


@pytest.mark.sqlite
def test_who_is_signed_in_gives_under_the_address_of_the_account(visit, funds):
    user = make_user(Role.DONOR, email="family@example.org")
    account = visit(user)
    assert 'value="family@example.org"' in account.get("/give").text
    pledge = give(account, AMINAH)
    assert pledge.token in account.get("/my-giving").text
    assert messages(funds) == []
    others = give(account, {**AMINAH, "email": "other@example.org"})
    assert others.token not in account.get("/my-giving").text


@pytest.mark.sqlite
def test_an_officer_connects_what_is_there_now(visit, funds):
    user = make_user(Role.DONOR)
    before = make_pledge(email="aminah@example.org")
    make_payment(33_334, before.instalments[0])
    unit_of_work(connect_donor, before.donor.public_id, email=user.email, actor=OFFICER)
    after = make_pledge(email="aminah@example.org")
    gift = make_payment(500, fund_code="GENERAL", donor_id=before.donor_id)
    page = visit(user).get("/my-giving").text
    assert before.token in page
    assert after.token not in page
    assert page.count('href="/receipts/') == 2
    assert find_receipt_of(gift.id).code in page
    choice = re.search(r'href="(/messages/[^"]+)"', page)[1]
    assert "Aminah Sani" in visit(user).get(choice).text or visit().get(choice).status_code == 200
    assert messages(funds)[-2].to_address == "aminah@example.org", "the mailbox is asked"


@pytest.mark.sqlite
def test_an_account_may_have_several_donors(visit, funds):
    user = make_user(Role.DONOR)
    pledges = [make_pledge(name=name) for name in ("Aminah Sani", "อามีนะห์ ซานี")]
    for pledge in pledges:
        unit_of_work(connect_donor, pledge.donor.public_id, email=user.email, actor=OFFICER)
    page = visit(user).get("/my-giving").text
    assert all(pledge.token in page for pledge in pledges)


def test_unknown_givers_fill_no_list_and_belong_to_nobody(visit, funds):
    officer = visit(make_user(Role.FUND_OFFICER))
    make_donor("Aminah Sani")
    pledge = give(visit(), {**GIVE, "amount": "100", "anonymous": "1"})
    for _ in range(3):
        payment = make_payment(500, fund_code="GENERAL", payer_name="")
    assert [row.donor.name for row in list_donors().rows] == ["Aminah Sani"]
    assert len(funds.scalars(select(Donor)).all()) == 2
    assert funds.scalars(select(Receipt.donor_name)).all() == [""] * 3
    by_reference = officer.post("/donors", data={"q": pledge.instalments[0].reference}).text
    assert by_reference.count('row"><a href="/donors/') == 1
    url = f"/donors/{payment.donor.public_id}"
    page = unescape(officer.get(url).text)
    assert "Unknown givers" in page
    assert "/connect" not in page
    refused = officer.post(f"{url}/connect", data={"email": make_user(Role.DONOR).email})
    assert refused.status_code == 422


@pytest.mark.sqlite
def test_a_link_that_another_account_opens_gives_it_nothing(visit, funds):
    owner = visit(make_user(Role.DONOR, email="family@example.org"))
    other = visit(make_user(Role.DONOR, email="somebody@example.org"))
    give(visit(), AMINAH)
    url = link(messages(funds)[-1])
    assert other.post(url).status_code == 409
    assert "100.00" not in other.get("/my-giving").text
    assert owner.post(url).status_code == 303
    assert "100.00" in owner.get("/my-giving").text
