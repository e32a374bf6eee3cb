"""Papers are set whatever letters people typed, and say which they could not show."""

from datetime import date
from pathlib import Path

import pytest

from fundapp import typesetting
from fundapp.access.permissions import Role
from fundapp.giving.campaigns.posters import poster_pdf
from fundapp.giving.models import Method
from fundapp.giving.models.refunds import RefundWay
from fundapp.giving.queries import find_receipt_of
from fundapp.giving.receipts.keys import owner_key
from fundapp.ledger import chart
from fundapp.typesetting import set_pdf
from fundapp.typesetting.letters import SIGN, with_letters
from tests.factories.books import make_fund
from tests.factories.campaigns import make_campaign, make_gift_in_kind
from tests.factories.children import RAMAN, make_child
from tests.factories.giving import make_donor, make_office_refund, make_payment
from tests.factories.identity import make_user, sign_in
from tests.giving.receipts.copied_text import copied_text, needs_pdftotext

# What a database keeps of these letters is tested with what writes them.
pytestmark = pytest.mark.sqlite

#: Names, and whether papers show all of their letters.
NAMES = {
    "محمد علي": False,
    "王小明": False,
    "Ann 😀👨‍👩‍👧": False,
    "چ ڠ Nik": False,
    "Aminah \u202eدمحم\u202c": False,
    "Nik \ue000": False,
    "José e" + "\u0301" * 30: True,
    "ก" + "\u0e49" * 30: True,
    "Aminah \u202eSani\u202c": True,
    "Nik\ufeff Sani": True,  # a mark that no PDF may have, and nobody sees
    "สมชาย" * 60: True,
}
#: Both kinds in one name each, for papers that take long to make.
LACKING, WHOLE = (
    " ".join(name for name, is_whole in NAMES.items() if is_whole is kind) for kind in (False, True)
)
NOTE = "doesnothave"


def papers_of(name, client):
    """Each paper with the name on it, by its address."""
    donor = make_donor(name)
    payment = make_payment(90_000, donor_id=donor.id, fund_code="GENERAL", method=Method.CASH,
                           asset_account_code=chart.CASH_ON_HAND)  # fmt: skip
    receipt = find_receipt_of(payment.id)
    key = f"?key={owner_key(receipt.code)}&name=1"
    gift = make_gift_in_kind(name=name, description=name)
    manager = make_user(Role.CASE_MANAGER, (RAMAN,))
    child = make_child(manager, given_name=name)
    sign_in(client, make_user(Role.FUND_OFFICER))
    urls = [
        f"/receipts/{receipt.code}.pdf{key}",
        f"/receipts/{receipt.code}/thanks.pdf{key}",
        f"/receipts/{receipt.code}/share.png{key}",
        f"/donors/{donor.public_id}/statements/2569.pdf",
        f"/gifts-in-kind/{gift.public_id}/thanks.pdf",
    ]
    papers = {url: client.get(url) for url in urls}
    refund = make_office_refund(payment, 90_000, RefundWay.CASH)
    voucher = f"/refunds/{refund.public_id}/voucher.pdf"
    papers[voucher] = client.get(voucher)
    sign_in(client, manager)
    form = f"/children/consent-form/keep_file.pdf?child={child.public_id}&language=en"
    papers[form] = client.get(form)
    return papers


@needs_pdftotext
def test_every_paper_is_set_and_says_what_it_cannot_show(session, client, tmp_path):
    make_fund("GENERAL")
    client.set_cookie("lang", "en")
    for name, is_whole in ((LACKING, False), (WHOLE, True)):
        for url, answer in papers_of(name, client).items():
            assert answer.status_code == 200, (name, url)
            if answer.mimetype == "application/pdf":
                said = copied_text(answer.data, tmp_path)
                assert (NOTE in said) is (not is_whole), (name, url)


@needs_pdftotext
def test_each_kind_of_letter_is_set_to_the_same_bytes_and_said_when_it_is_missing(tmp_path):
    letters = Path(typesetting.__file__).parent / "letters.typ"
    for name, is_whole in NAMES.items():
        data = {"text": name, "language": "en"}
        pdf, again = (set_pdf(letters, data, made_on=date(2026, 11, 24)) for _time in range(2))
        assert pdf == again
        assert (NOTE in copied_text(pdf, tmp_path)) is (not is_whole), name


def test_what_stands_for_letters_is_said_in_the_language_of_the_paper():
    data = {"rows": [["Name", "王小明 (Wang)"], ["Amount", 5]], "title": "Letter", "stamp": None}
    thai = with_letters({**data, "language": "th"})
    assert thai["rows"][0][1].startswith(f"{SIGN} (Wang) (")
    assert (thai["rows"][1], thai["title"], thai["stamp"]) == (["Amount", 5], "Letter", None)
    both = with_letters(data)["rows"][0][1]
    assert thai["rows"][0][1].removesuffix(")") in both
    assert "does not have" in both


def test_a_poster_and_its_story(session, app):
    make_fund("GENERAL")
    names, stories = ("รองเท้า 😀", "Shoes 😀", "Kasut 😀"), ("王小明", "王小明", "王小明")
    with app.test_request_context():
        assert poster_pdf(make_campaign(names=names, stories=stories)).startswith(b"%PDF")
