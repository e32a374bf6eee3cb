"""Whatever a stranger can open names none of fifty children who were helped, in any language."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from fundapp.children.models import Child
from fundapp.db import db, unit_of_work
from fundapp.disbursements.drafts import LineDraft
from fundapp.disbursements.models import DisbursementRequest, Payout
from fundapp.giving.models import Pledge, Receipt
from fundapp.transparency.operations import publish_months
from tests.documents.pictures import picture
from tests.factories.actors import WORKER
from tests.factories.children import consent_draft, make_child, thai_pin
from tests.factories.disbursements import THOUSAND, make_paid, make_team, prove
from tests.factories.giving import make_payment, make_pledge
from tests.transparency.test_publication import AN_HOUR, END_OF_NOVEMBER

pytestmark = pytest.mark.sqlite

CHILDREN = 50
CANARY = re.compile("canary", re.IGNORECASE)
#: In texts of styles and scripts no address is followed.
LINK = re.compile(r'(?:href|src|action)="(/[^"#]*)')


@pytest.fixture
def secrets(build_once, clock):
    """Fifty children with a canary in every text, helped and proved; what else points to them."""
    secrets = build_once("transparency/canaries", lambda: make_secrets(clock))
    clock.move_to(END_OF_NOVEMBER + AN_HOUR)
    return secrets


def born(number):
    """Far enough apart that no two files may be of one child."""
    month, year = divmod(number, 10)
    return date(2008 + year, 1 + 2 * month, 5 + 2 * year)


def make_secrets(clock):
    team = make_team(available_satang=100 * THOUSAND)
    pins = [thai_pin(5_000 + number) for number in range(CHILDREN)]
    children = [
        make_child(
            team.asker,
            given_name="Canary" + "abcdefghij"[number % 10] + "x" * (number // 10),
            family_name="Canaryfamily",
            birth_on=born(number),
            id_number=pin,
            school_name="Canary school",
            consents=(consent_draft(signer_name="Canarysigner"),),
        )
        for number, pin in enumerate(pins)
    ]
    lines = [LineDraft(child.public_id, THOUSAND) for child in children]
    words = {"reason": "Shoes for Canaryx", "payee_name": "Canarypayee"}
    words["payee_address"] = "1 Canarystreet"
    request = make_paid(team, CHILDREN * THOUSAND, lines=lines, **words)
    prove(request, team, confirmed_by="Canaryconfirmer", document=picture())
    make_payment(50_000, make_pledge().instalments[0])
    clock.move_to(END_OF_NOVEMBER + AN_HOUR)
    unit_of_work(publish_months, actor=WORKER)
    columns = (
        Child.code, Child.public_id, DisbursementRequest.number, DisbursementRequest.public_id,
        Payout.voucher, Payout.public_id,
    )  # fmt: skip
    return {*pins, *(value for column in columns for value in db.session.scalars(select(column)))}


def crawl(client, lang):
    """Every address that a stranger reaches from the first page, and what it answers."""
    receipt = db.session.scalars(select(Receipt)).one()
    pledge = db.session.scalars(select(Pledge)).one()
    client.set_cookie("lang", lang)
    waiting = ["/", f"/receipts/{receipt.code}", f"/pledges/{pledge.token}", "/healthz", "/readyz"]
    answers = {}
    while waiting:
        path = waiting.pop()
        if path in answers:
            continue
        answer = client.get(path)
        answers[path] = answer.data
        if answer.mimetype == "text/html":
            waiting += [each.replace("&amp;", "&") for each in LINK.findall(answer.text)]
    return answers


@pytest.mark.parametrize("lang", ["th", "en", "ms"])
def test_no_page_file_or_picture_has_a_canary(secrets, client, lang):
    answers = crawl(client, lang)
    assert {"/", "/give", "/figures.json", "/figures.csv"} <= answers.keys()
    assert b"50" in answers["/figures.csv"]
    for path, content in answers.items():
        assert not CANARY.search(content.decode("utf-8", errors="ignore")), path
        assert not [secret for secret in secrets if secret.encode() in content], path
        assert b"Exif" not in content, path
