"""Invented names as they are common in Yala: Thai, Malay Muslim and Chinese Thai (pure).

Given names are common ones that belong to nobody in particular. Family names, villages, schools and
mosques are put together from syllables, so that no list of real people or places was used. Numbers
are of ranges that were never given out.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from random import Random

from fundapp.giving.models import DonorKind


class NameStyle(StrEnum):
    """How a family is named: the province has three styles."""

    MALAY = "malay"
    THAI = "thai"
    CHINESE = "chinese"


#: About four of five people in the province are Malay Muslims.
_STYLES = (*[NameStyle.MALAY] * 7, *[NameStyle.THAI] * 2, NameStyle.CHINESE)

#: Name and address of the donor one can sign in as.
SIGNED_IN_DONOR_NAME = "อามีเนาะ ปาแดสือนา"
SIGNED_IN_DONOR_EMAIL = "donor@example.org"

_FILE = Path(__file__).parent / "data" / "name_parts.txt"


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person."""

    given: str
    family: str
    is_woman: bool
    style: NameStyle

    @property
    def full(self) -> str:
        """Given and family name."""
        return f"{self.given} {self.family}"


@cache
def name_parts() -> dict[str, list[str]]:
    """The parts of names by kind; in the file, indented lines hold the parts of the kind above."""
    parts: dict[str, list[str]] = {}
    of_kind: list[str] = []
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith(" "):
            of_kind.extend(line.split())
        elif not line.startswith("#"):
            of_kind = parts.setdefault(line.strip(), [])
    return parts


def person(rng: Random, *, family_of: Person | None = None, woman: bool | None = None) -> Person:
    """An invented person; with ``family_of`` a relative with the same family name."""
    style = family_of.style if family_of else rng.choice(_STYLES)
    is_woman = rng.random() < 0.5 if woman is None else woman
    women, men = (
        (name_parts()["malay_women"], name_parts()["malay_men"])
        if style is NameStyle.MALAY
        else (name_parts()["thai_women"], name_parts()["thai_men"])
    )
    given = rng.choice(women if is_woman else men)
    return Person(given, family_of.family if family_of else family(rng, style), is_woman, style)


def family(rng: Random, style: NameStyle) -> str:
    """A family name."""
    if style is NameStyle.MALAY:
        return rng.choice(name_parts()["malay_heads"]) + rng.choice(name_parts()["malay_tails"])
    if style is NameStyle.THAI:
        return rng.choice(name_parts()["thai_heads"]) + rng.choice(name_parts()["thai_tails"])
    return rng.choice(name_parts()["chinese_clans"])


def village(rng: Random) -> str:
    """An invented village."""
    return rng.choice(name_parts()["malay_heads"]) + rng.choice(name_parts()["malay_tails"])


def donor_name(rng: Random, kind: DonorKind) -> str:
    """The name of a donor of this kind."""
    if kind is DonorKind.HOUSEHOLD:
        return f"ครอบครัว{person(rng).family}"
    if kind is DonorKind.COMPANY:
        form = rng.choice(("บริษัท {} จำกัด", "หจก. {}", "ร้าน{}"))
        return form.format(f"{family(rng, NameStyle.THAI)} {rng.choice(name_parts()['trades'])}")
    if kind is DonorKind.AGENCY:
        return rng.choice(name_parts()["agencies"]) + village(rng)
    if kind is DonorKind.MOSQUE:
        return rng.choice(name_parts()["mosques"]) + village(rng)
    if kind is DonorKind.SCHOOL:
        return f"โรงเรียนบ้าน{village(rng)}"
    return person(rng).full


def school(rng: Random, age: int) -> str:
    """The school a child of this age goes to."""
    kind = "ศูนย์พัฒนาเด็กเล็กบ้าน" if age < 6 else "โรงเรียนบ้าน"
    return kind + village(rng)


def phone(number: int) -> str:
    """A number of the province's area code that cannot exist: its exchange begins with 0."""
    return f"073-0{number // 1000 % 100:02d}-{number % 1000:03d}"


def account_number(number: int) -> str:
    """A bank account number that no bank would give out."""
    return f"0000{number:06d}"


def citizen_number(number: int) -> str:
    """A 13-digit number with a right check digit, issued by district 9500, which does not exist."""
    digits = f"19500{number:07d}"
    total = sum(int(digit) * (13 - index) for index, digit in enumerate(digits))
    return f"{digits}{(11 - total % 11) % 10}"


def learner_number(number: int, be_year: int) -> str:
    """A G-code of the province (Ministry of Education); the serial number counts the demo's."""
    return f"G{be_year % 100:02d}95{number:08d}"
