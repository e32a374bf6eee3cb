"""Whom a bank's text names, and when that is somebody else than the giver."""

import pytest

from fundapp.banking.matching.names import named_in, names_another


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("X7781 นายสมชาย ทดลองดี", "นาย สมชาย ทดลองดี"),
        ("รับโอนจาก SCB X1200 MRS. AMINAH TOKDENG", "MRS. AMINAH TOKDENG"),
        ("X1200 AMINAH TOKDENG 09:15", "AMINAH TOKDENG"),
        ("จาก น.ส. ฟาตีเมาะ ทดลอง Ref1 123", "น.ส. ฟาตีเมาะ ทดลอง"),
        ("โอนโดย บริษัท ทดลองค้า จำกัด", "บริษัท ทดลองค้า จำกัด"),
        ("X7784 ดร. สุดา ทดลองกล้า", "ดร. สุดา ทดลองกล้า"),
        # Titles of `fundapp.thai.names`, and one spelling of what looks alike.
        ("X7785 พ.ต.ท. สมชาย ทดลองดี", "พ.ต.ท. สมชาย ทดลองดี"),
        ("นางเเวฮามีด ทดลองวงศ์", "นาง แวฮามีด ทดลองวงศ์"),
        ("Ref2 GEN Sumalee", None),
        ("ขอบคุณสมชาย", None),
        # No name: what a payer types, what a bank writes, references.
        ("", None),
        ("จ่าย YL2345 และ YL6789", None),
        ("บริจาคเดือนพฤศจิกายน", None),
        ("Ref1 YL7K3M9Q2XA Ref2 GEN", None),
        ("X1234 PromptPay", None),
        ("from SCB X1234", None),
        ("สาขายะลา ฝากเช็ค", None),
        ("for the children of Yala", None),
    ],
)
def test_whom_a_text_names(text, name):
    assert named_in(text) == name


@pytest.mark.parametrize(
    ("text", "giver", "is_another"),
    [
        ("X1200 MRS. AMINAH TOKDENG", "Mrs. Aminah Tokdeng", False),
        ("X7781 นายสมชาย ทดลองดี", "สมชาย ทดลองดี", False),
        ("X7784 ดร. สุดา ทดลองกล้า", "สุดา ทดลองกล้า", False),
        ("X7785 นายวีสมชาย ทดลองดี", "สมชาย ทดลองดี", True),
        ("X7785 นางสาวอื่น ไกล", "สมชาย ทดลองดี", True),
        # Cut and masked last names.
        ("X7781 MR SOMCHAI T***", "Somchai Thodlong", False),
        ("X7781 MR SOMCHAI K***", "Somchai Thodlong", True),
        ("X7781 นายสมชาย", "สมชาย ทดลองดี", False),
        # No name contradicts nobody, and of a giver without a name nobody is another.
        ("YL7K3M9Q2XA thank you", "Somchai Thodlong", False),
        ("X7781 นายสมชาย ทดลองดี", "", False),
    ],
)
def test_another_than_the_giver(text, giver, is_another):
    assert names_another(text, giver, if_unsure=True) is is_another


def test_a_name_in_other_letters_cannot_be_compared():
    text = "X7781 นายสมชาย ทดลองดี"
    assert names_another(text, "Somchai Thodlong", if_unsure=True)
    assert not names_another(text, "Somchai Thodlong", if_unsure=False)
    assert names_another(text, "Somchai Thodlong", "วีสมชาย ทดลองดี", if_unsure=False)
