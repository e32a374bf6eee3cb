"""Names of people and bodies as they are compared: titles apart.

Thai writes a title and a name as one word ("นายสมชาย"), so a title is one only at a word's edge:
"นายวีสมชาย" is Mr Weesomchai. Words that are part of a name in the southern provinces (นิ, แว, เจ๊ะ,
ต่วน, Nik, Wan, Che, Tuan) are no titles here.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from fundapp.thai.folding import fold_text, without_invisible_signs

#: Written in full, and together with the name or apart from it.
_WORDS = (
    "เด็กชาย", "เด็กหญิง", "นาย", "นาง", "นางสาว", "คุณ", "คุณหญิง", "ท่านผู้หญิง", "หม่อมเจ้า",
    "หม่อมราชวงศ์", "หม่อมหลวง", "ศาสตราจารย์", "รองศาสตราจารย์", "ผู้ช่วยศาสตราจารย์", "ดอกเตอร์",
    "อาจารย์", "นายแพทย์", "แพทย์หญิง", "ทันตแพทย์", "ทันตแพทย์หญิง", "สัตวแพทย์", "สัตวแพทย์หญิง",
    "เภสัชกร", "เภสัชกรหญิง", "ว่าที่", "ดาบตำรวจ", "จ่าสิบตำรวจ", "พลตำรวจ", "พลทหาร", "โต๊ะครู",
    "โต๊ะอิหม่าม", "อิหม่าม", "บาบอ", "อุสตาซ", "อุสตาซะห์", "พระภิกษุ", "พระมหา", "สามเณร", "แม่ชี",
)  # fmt: skip
_GRADED = (
    "พลตำรวจ", "พันตำรวจ", "ร้อยตำรวจ", "สิบตำรวจ", "พล", "พัน", "ร้อย", "จ่าสิบ", "สิบ", "พลเรือ",
    "นาวา", "เรือ", "พันจ่า", "จ่า", "พลอากาศ", "นาวาอากาศ", "เรืออากาศ", "พันจ่าอากาศ", "จ่าอากาศ",
)  # fmt: skip
_SHORT = (
    "ด.ช.", "ด.ญ.", "น.ส.", "ม.จ.", "ม.ร.ว.", "ม.ล.", "ดร.", "ผศ.", "รศ.", "นพ.", "พญ.", "ทพ.",
    "ทพญ.", "ทพ.ญ.", "ภก.", "ภญ.", "สพ.ญ.", "นสพ.", "น.พ.", "พ.ญ.",
    "พล.ต.อ.", "พล.ต.ท.", "พล.ต.ต.", "พ.ต.อ.", "พ.ต.ท.", "พ.ต.ต.", "ร.ต.อ.", "ร.ต.ท.", "ร.ต.ต.",
    "ด.ต.", "จ.ส.ต.", "ส.ต.อ.", "ส.ต.ท.", "ส.ต.ต.",
    "พล.อ.", "พล.ท.", "พล.ต.", "พ.อ.", "พ.ท.", "พ.ต.", "ร.อ.", "ร.ท.", "ร.ต.", "จ.ส.อ.", "จ.ส.ท.",
    "ส.อ.", "ส.ท.", "ส.ต.",
    "พล.ร.อ.", "พล.ร.ท.", "พล.ร.ต.", "น.อ.", "น.ท.", "น.ต.", "พ.จ.อ.", "พ.จ.ท.", "พ.จ.ต.", "จ.อ.",
    "จ.ท.", "จ.ต.", "พล.อ.อ.", "พล.อ.ท.", "พล.อ.ต.", "พ.อ.อ.", "พ.อ.ท.", "พ.อ.ต.",
)  # fmt: skip
_ENGLISH = (
    "mr", "mrs", "ms", "miss", "mdm", "madam", "master", "dr", "prof", "professor", "assoc",
    "associate", "asst", "assistant", "khun", "encik", "puan", "ustaz", "ustazah", "imam", "capt",
    "captain", "lt", "lieutenant", "col", "colonel", "maj", "major", "gen", "general", "sgt", "pol",
)  # fmt: skip
#: Also a name, or the beginning of one: a title only where two words still follow.
_UNSURE = ("ฮัจยี", "ฮัจญี", "หะยี", "ฮัจยะห์", "ฮัจญะห์", "ครู", "พระ")
_UNSURE_ENGLISH = ("haji", "hajji", "hajj", "hajah", "hajjah", "hj", "hjh", "cik", "en")
_UNSURE_SHORT = ("อ.",)

#: What no Thai word begins with, beside the marks, which are no letters to `re`.
_NO_BEGINNING = "\u0e30\u0e32\u0e33\u0e45\u0e2f\u0e46"
_WORD_BEGINS = r"(?<![^\W_])(?<![\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])"
_NAME = rf"(?=[^\W\d_{_NO_BEGINNING}])"
_TWO_WORDS = rf"(?=[^\W\d_{_NO_BEGINNING}]\S* \S)"


def _one_of(patterns: list[str]) -> str:
    return "|".join(sorted(patterns, key=len, reverse=True))


def _together(words: tuple[str, ...]) -> list[str]:
    """Patterns of words that stand before the name, a space between or not."""
    return [f"{re.escape(fold_text(word))} ?" for word in words]


def _apart(words: tuple[str, ...]) -> list[str]:
    """Patterns of English words: a dot or a space ends them."""
    return [rf"{word}(?:\. ?| )" for word in words]


def _dotted(words: tuple[str, ...]) -> list[str]:
    """Patterns of Thai short forms: dots inside and a dot or a space at the end, or one dot."""
    parts = [word.rstrip(".").split(".") for word in words]
    spelled = [r"\. ?".join(part) + r"(?:\. ?| )" for part in parts]
    return spelled + ["".join(part) + r"\. ?" for part in parts]


#: A special colonel; พิเศษ is a name as well, so two words must still follow it.
_KIND_OF_GRADE = r"(?:หญิง| ?\(พิเศษ\)| ?พิเศษ(?= \S+ \S))"

_THAI_TITLES = [
    *_together(_WORDS),
    *(f"{fold_text(grade)}(?:เอก|โท|ตรี){_KIND_OF_GRADE}? ?" for grade in _GRADED),
    *(rf"{short}(?:\(?(?:หญิง|พิเศษ)\)? ?)?" for short in _dotted(_SHORT)),
    r"ศ\. ?",
    # The short forms of boys, girls and women are typed without their dots as well.
    r"ด\.? ?[ชญ](?:\. ?| )?",
    "นส ",
]
#: A pattern of one Thai title with what is between it and the name, in a folded text.
THAI_TITLE = _one_of(_THAI_TITLES)
_SURE_TITLE = _one_of([*_THAI_TITLES, *_apart(_ENGLISH)])
_UNSURE_TITLE = _one_of([*_together(_UNSURE), *_apart(_UNSURE_ENGLISH), *_dotted(_UNSURE_SHORT)])
_ONE_TITLE = rf"(?:(?:{_SURE_TITLE}){_NAME}|(?:{_UNSURE_TITLE}){_TWO_WORDS})"
_TITLES = re.compile(f"{_ONE_TITLE}*")
_TITLED = re.compile(rf"{_WORD_BEGINS}(?:(?:{_SURE_TITLE}){_NAME})+", re.IGNORECASE)
#: Titles alone, as they stand before a name that was found.
_ONLY_TITLES = re.compile(f"(?:{_SURE_TITLE}|{_UNSURE_TITLE})+")
_RUN_BEFORE = re.compile(r"[^ /,;:]*\Z")
#: Titles before a name are shorter than this together.
_LONGEST_TITLES = 60


def split_title(name: str) -> tuple[str, str]:
    """The titles and the rest of a name, both folded; ("", the name) where there is none.

    A title alone is no title: somebody may be called so.
    """
    folded = fold_text(name)
    match = _TITLES.match(folded)
    end = match.end() if match else 0
    return folded[:end].strip(), folded[end:]


@lru_cache(maxsize=16_384)
def fold_name(name: str) -> str:
    """A name as it is compared: folded, without its titles."""
    return split_title(name)[1]


def has_letter(name: str) -> bool:
    """Whether a name can be read: a letter is in it that is seen."""
    return any(
        unicodedata.category(sign) in {"Lu", "Ll", "Lt", "Lo"} and sign not in _NO_BEGINNING
        for sign in without_invisible_signs(name)
    )


def titled_names(text: str) -> Iterator[tuple[int, int]]:
    """(where its titles begin, where the name begins) of each name with a title in a text of
    `spell_text`. What may be a title or a name ("อ.", "Haji") is none here.
    """
    return (found.span() for found in _TITLED.finditer(text))


def name_ends(folded: str, word: str) -> Iterator[int]:
    """Where ``word`` ends in a folded text, each time that it stands there as a whole word, with a
    title before it or not.
    """
    start = folded.find(word) if word else -1
    while start >= 0:
        end = start + len(word)
        if is_word_edge(folded, end) and _begins_name(folded, start):
            yield end
        start = folded.find(word, start + 1)


def is_word_edge(text: str, at: int) -> bool:
    """Whether no letter, mark or digit stands at this place of the text."""
    return not 0 <= at < len(text) or unicodedata.category(text[at])[0] not in "LMN"


def _begins_name(folded: str, start: int) -> bool:
    """Whether a word edge or a title is before this place."""
    if is_word_edge(folded, start - 1):
        return True
    run = _RUN_BEFORE.search(folded[max(0, start - _LONGEST_TITLES) : start])
    return run is not None and _ONLY_TITLES.fullmatch(run.group()) is not None
