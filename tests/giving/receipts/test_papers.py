"""Every paper that leaves the house: archivable, tagged, its fonts inside, and nobody's name where
only programs look.
"""

import io

import pikepdf
import pytest

from fundapp.access.permissions import Role
from fundapp.giving.models import RefundWay
from fundapp.giving.queries import find_receipt_of
from fundapp.giving.receipts.keys import owner_key
from tests.factories.giving import make_donor, make_office_refund, make_payment
from tests.factories.identity import make_user, sign_in
from tests.giving.receipts.copied_text import copied_text, needs_pdftotext

pytestmark = pytest.mark.sqlite

NAME = "นูรียะห์ ทดสอบเอกสาร"


@pytest.fixture
def papers(client, funds, clock):
    """Receipt, voucher, statement and letter of thanks of one donor, in Thai."""
    donor = make_donor(NAME)
    given = {"donor_id": donor.id, "fund_code": "GENERAL"}
    receipt = find_receipt_of(make_payment(12_345, **given).id)
    order = make_office_refund(make_payment(100_000, **given), 40_000, RefundWay.CASH)
    sign_in(client, make_user(Role.FUND_OFFICER))
    client.set_cookie("lang", "th")
    key = f"?key={owner_key(receipt.code)}"
    pages = {
        "receipt": f"/receipts/{receipt.code}.pdf{key}",
        "voucher": f"/refunds/{order.public_id}/voucher.pdf",
        "statement": f"/donors/{donor.public_id}/statements/2569.pdf",
        "thanks": f"/receipts/{receipt.code}/thanks.pdf{key}",
    }
    answers = {name: client.get(address) for name, address in pages.items()}
    assert {answer.mimetype for answer in answers.values()} == {"application/pdf"}
    return {name: answer.data for name, answer in answers.items()}


def fonts_of(pdf):
    return [font for page in pdf.pages for font in (page.Resources.get("/Font") or {}).values()]


def test_they_are_archivable_and_tagged_and_name_nobody_to_programs(papers):
    for paper, data in papers.items():
        with pikepdf.open(io.BytesIO(data)) as pdf:
            told = pdf.open_metadata()
            assert (told["pdfaid:part"], told["pdfaid:conformance"]) == ("2", "A"), paper
            assert (bool(pdf.Root.MarkInfo.Marked), "/StructTreeRoot" in pdf.Root) == (True, True)
            assert str(pdf.Root.Lang).startswith("th"), paper
            assert str(pdf.docinfo["/Title"]) == told["dc:title"] != "", paper
            assert pdf.Root.ViewerPreferences.DisplayDocTitle, paper
            assert "/OutputIntents" in pdf.Root, paper
            assert not pdf.is_encrypted
            descendants = [each for font in fonts_of(pdf) for each in font.DescendantFonts]
            assert descendants, paper
            for font in descendants:
                embedded = {"/FontFile", "/FontFile2", "/FontFile3"} & set(font.FontDescriptor)
                assert embedded, (paper, font.BaseFont)
            for font in fonts_of(pdf):
                assert "/ToUnicode" in font, (paper, font.BaseFont)
            hidden = pdf.Root.Metadata.read_bytes().decode() + repr(dict(pdf.docinfo))
            assert not any(word in hidden for word in NAME.split()), paper


@needs_pdftotext
def test_every_thai_word_of_them_can_be_copied_as_it_was_meant(papers, tmp_path):
    meant = {
        "receipt": ("ใบเสร็จรับเงิน", NAME, "หนึ่งร้อยยี่สิบสามบาทสี่สิบห้าสตางค์"),
        "voucher": (NAME, "สี่ร้อยบาทถ้วน", "400.00"),
        "statement": (NAME, "2569"),
        "thanks": (NAME, "123.45บาท(หนึ่งร้อยยี่สิบสามบาทสี่สิบห้าสตางค์)"),
    }
    for paper, texts in meant.items():
        said = copied_text(papers[paper], tmp_path)
        for text in texts:
            assert "".join(text.split()) in said, (paper, text)
