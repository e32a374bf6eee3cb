"""Names: titles split off at a word's edge only, and names that nobody can read."""

import pytest

from fundapp.thai.names import fold_name, has_letter, name_ends, split_title

TITLES = [
    "เด็กชาย", "เด็กหญิง", "นาย", "นาง", "นางสาว", "คุณ", "ด.ช.", "ด.ญ.", "น.ส.", "ดช.", "ดญ.",
    "นส.", "ดร.", "ผศ.", "รศ.", "ศ.", "ผศ.ดร.", "รศ.ดร.", "นพ.", "พญ.", "ทพ.", "ทพญ.", "ทพ.ญ.",
    "ภก.", "ภญ.", "นายแพทย์", "แพทย์หญิง", "ศาสตราจารย์", "ผู้ช่วยศาสตราจารย์", "อาจารย์", "พ.ต.ท.",
    "พ.ต.ท.หญิง", "พล.ต.อ.", "ร.ต.ต.", "ด.ต.", "จ.ส.อ.", "ส.ต.ท.", "พ.อ.", "พ.อ.(พิเศษ)", "พล.ท.",
    "ร.อ.", "น.อ.", "พ.จ.อ.", "พล.ร.ต.", "พ.ต.", "พตท.", "รตอ.", "พันตำรวจโท", "ร้อยตรีหญิง",
    "พลเอก", "สิบเอก", "นาวาอากาศเอก", "ดาบตำรวจ", "ว่าที่ร้อยตรี", "ว่าที่ร.ต.", "ม.ร.ว.",
    "ม.ล.", "หม่อมหลวง", "โต๊ะครู", "โต๊ะอิหม่าม", "อิหม่าม", "บาบอ", "อุสตาซ", "ฮัจยี", "ฮัจญี",
    "หะยี", "ฮัจยะห์", "ครู", "พระ", "พระมหา", "พันเอก (พิเศษ)",
]  # fmt: skip
ENGLISH = [
    "Mr", "Mrs", "Ms", "Miss", "Dr", "Prof", "Master", "Haji", "Hajah", "Hj", "Ustaz", "Imam",
    "Khun", "Encik", "Puan", "Capt", "Prof.Dr",
]  # fmt: skip


@pytest.mark.parametrize("between", ["", " ", "\u00a0"])
def test_a_thai_title_is_split_from_the_name(between):
    left = {title: fold_name(f"{title}{between}สมชาย ทดลองดี") for title in TITLES}
    assert left == dict.fromkeys(TITLES, "สมชาย ทดลองดี")


@pytest.mark.parametrize("between", [".", ". ", " "])
def test_an_english_title_is_split_from_the_name(between):
    wanted = dict.fromkeys(ENGLISH, "somchai jaidee")
    assert {title: fold_name(f"{title}{between}Somchai Jaidee") for title in ENGLISH} == wanted
    upper = {title: fold_name(f"{title.upper()}{between}SOMCHAI JAIDEE") for title in ENGLISH}
    assert upper == wanted


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("นายวีสมชาย ทดลองดี", "วีสมชาย ทดลองดี"),
        ("นายิกา ทดลองดี", "นายิกา ทดลองดี"),
        ("คุณากร ทดลองดี", "คุณากร ทดลองดี"),
        ("นางาม ทดลองดี", "นางาม ทดลองดี"),
        ("Missy Elliot", "missy elliot"),
        ("Drew Barry", "drew barry"),
        ("Master", "master"),
        ("นาย", "นาย"),
        ("Mr.", "mr."),
        ("", ""),
        ("ฮัจยี สาและ", "ฮัจยี สาและ"),
        ("Haji Sulong", "haji sulong"),
        ("แวฮามีด ทดลองดี", "แวฮามีด ทดลองดี"),
        ("นิอามีนะห์ ทดลองดี", "นิอามีนะห์ ทดลองดี"),
        ("เจ๊ะมะ ทดลองดี", "เจ๊ะมะ ทดลองดี"),
        ("ต่วนซูไรนี ทดลองดี", "ต่วนซูไรนี ทดลองดี"),
        ("Wan Nor Aini", "wan nor aini"),
        ("มัสยิดกลางยะลา", "มัสยิดกลางยะลา"),
        ("สมชาย นายดี", "สมชาย นายดี"),
        ("พันเอกพิเศษ สมชาย ทดลองดี", "สมชาย ทดลองดี"),
        ("พันเอกพิเศษ ทดลองดี", "พิเศษ ทดลองดี"),
    ],
)
def test_what_is_no_title_stays(name, folded):
    assert fold_name(name) == folded


def test_titles_are_given_as_well():
    assert split_title("พ.ต.ท.หญิง ดร. สุดา ทดลองกล้า") == ("พ.ต.ท.หญิง ดร.", "สุดา ทดลองกล้า")
    assert split_title("สุดา") == ("", "สุดา")


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("x7781 นายสมชาย ทดลองดี", 1),
        ("x7781 พ.ต.ท.หญิงสมชาย", 1),
        ("สมชาย/สมชาย", 2),
        ("นายวีสมชาย", 0),
        ("สมชายดี", 0),
        ("สมชาย์", 0),
        ("วี" * 5000 + "สมชาย", 0),
        ("นาย" * 5000 + "สมชาย", 1),
        ("", 0),
    ],
)
def test_a_name_stands_in_a_text_as_a_whole_word(text, ends):
    assert len(list(name_ends(text, "สมชาย"))) == ends


@pytest.mark.parametrize("name", ["ก", "A1", "มัสยิด 5", "علي", "李", "ศ.", "Ω"])
def test_a_name_that_can_be_read(name):
    assert has_letter(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "\u200b",
        "\u3164",
        "\u115f\u1160",
        "\u2800",
        "123",
        "๑๒๓",
        "-",
        "...",
        "ะา",
        "ๆ",
        "่",
        "😀",
    ],
)
def test_a_name_that_nobody_can_read(name):
    assert not has_letter(name)
