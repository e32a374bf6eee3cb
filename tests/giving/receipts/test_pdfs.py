"""The paper of a receipt: the same bytes for ever, archivable, with every word as it was meant."""

import hashlib
import unicodedata

import pikepdf
import pytest

from fundapp.giving.receipts.content import TEMPLATE
from fundapp.giving.receipts.setting import PaperJob, set_job
from tests.giving.receipts.copied_text import copied_text, needs_pdftotext

pytestmark = pytest.mark.sqlite

CONTENT = {
    "v": "1",
    "salt": "s",
    "number": "2570-000123",
    "code": "aB3-_xYzQwErTyUiOpAsDf",
    "verify_url": "https://yala.example.org/receipts/aB3-_xYzQwErTyUiOpAsDf",
    "channels_url": "https://yala.example.org/real-fund",
    "replaces": "2570-000100",
    "issued": {"iso": "2026-11-29", "th": "29 พฤศจิกายน 2569", "en": "29 November 2026"},
    "received": {"iso": "2026-11-28", "th": "28 พฤศจิกายน 2569", "en": "28 November 2026"},
    "issuer": {
        "name_th": "กองทุนเพื่อเด็กยากจนและด้อยโอกาสทางการศึกษาจังหวัดยะลา",
        "name_en": "Yala Fund for Poor and Educationally Disadvantaged Children",
        "address": "องค์การบริหารส่วนจังหวัดยะลา อำเภอเมืองยะลา จังหวัดยะลา 95000",
        "signer": "นางสาวนูรฮายาตี เจ๊ะแต",
        "position": "เจ้าหน้าที่การเงิน",
    },
    "payer": {
        "name_th": "#eval(1) $x$ ห้างหุ้นส่วนจำกัด น้ำใจผู้กล้าหาญเพื่อการศึกษาของเยาวชนชายแดนใต้",
        "name_en": "",
        "address": "๑๒๓/๔ หมู่ที่ ๕ ตำบลสะเตงนอก อำเภอเมืองยะลา",
        "tax_id": "1-2345-67890-12-1",
    },
    "fund": "GENERAL",
    "purpose": {"th": "บริจาคให้กองทุน “ทุนการศึกษาทั่วไป”", "en": "Gift to the fund “General”"},
    "method": {"code": "promptpay", "th": "พร้อมเพย์", "en": "PromptPay"},
    "satang": "123456789",
    "amount": "1,234,567.89",
    "words": "หนึ่งล้านสองแสนสามหมื่นสี่พันห้าร้อยหกสิบเจ็ดบาทแปดสิบเก้าสตางค์",
    "tax": {"th": "ใบเสร็จนี้นำไปหักลดหย่อนภาษีไม่ได้", "en": "Not deductible from tax."},
    "entry": "JE0ABCDEFGHJKMN",
    "leaf": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
}
#: Of the PDF of `CONTENT`, by template. Receipts that were issued are set anew when they are loaded
#: down, so a change of a hash means that they become other files: another release of typst that
#: changes it needs templates of its own, beside the old release.
GOLDEN = {
    "receipt-1": "adb71aaa1232440915651f82f711ebeb531312b51b787e7a784c7745db7d7457",
    "receipt-2": "9c6ec8612ca06f2289860745fff12d12fd0c4425021d17e71c8af2ba29fb0354",
}


def paper(stamp=None, template="receipt-2"):
    return set_job(PaperJob(1, template, CONTENT, stamp))


def words(text):
    return unicodedata.normalize("NFC", "".join(text.split()))


@pytest.mark.parametrize("template", GOLDEN)
def test_the_paper_is_the_same_file_for_ever(template):
    assert hashlib.sha256(paper(template=template)).hexdigest() == GOLDEN[template]


def test_receipts_are_issued_with_the_newest_template():
    assert max(GOLDEN) == TEMPLATE


def test_it_is_archivable_and_tagged(tmp_path):
    """The typesetter refuses to write what breaks PDF/A-2a or PDF/UA-1; the file says both."""
    path = tmp_path / "receipt.pdf"
    path.write_bytes(paper())
    with pikepdf.open(path) as pdf:
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert metadata["pdfuaid:part"] == "1"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.docinfo["/Title"] == "ใบเสร็จรับเงิน Receipt 2570-000123"
        assert len(pdf.pages) == 1


@needs_pdftotext
def test_every_word_can_be_copied_as_it_was_meant(tmp_path):
    copied = copied_text(paper("สำเนา Copy 2"), tmp_path)
    for meant in (
        "สำเนา Copy 2",
        CONTENT["issuer"]["name_th"],
        CONTENT["issuer"]["address"],
        CONTENT["issuer"]["signer"],
        CONTENT["payer"]["name_th"],
        CONTENT["payer"]["address"],
        CONTENT["words"],
        CONTENT["tax"]["th"],
        CONTENT["purpose"]["th"],
        CONTENT["issued"]["th"],
        CONTENT["verify_url"],
        CONTENT["channels_url"],
        CONTENT["leaf"],
        "ออกแทนใบเสร็จเลขที่",
    ):
        assert words(meant) in copied, meant
