"""Invented names, as they sound in Yala: Thai, Malay Muslim and Chinese Thai (pure).

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


class Sound(StrEnum):
    """In which of the province's ways a family is named."""

    MALAY = "malay"
    THAI = "thai"
    CHINESE = "chinese"


#: About four of five people in the province are Malay Muslims.
_SOUNDS = (*[Sound.MALAY] * 7, *[Sound.THAI] * 2, Sound.CHINESE)

#: Name and address of the donor whom one can sign in as.
THE_DONOR = ("อามีเนาะ ปาแดสือนา", "donor@example.org")

_FILE = Path(__file__).parent / "data" / "words.txt"


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person."""

    given: str
    family: str
    is_woman: bool
    sound: Sound

    @property
    def full(self) -> str:
        """Given and family name."""
        return f"{self.given} {self.family}"


@cache
def words() -> dict[str, list[str]]:
    """The words that names are made of, by kind: an indented line holds words of the kind above."""
    found: dict[str, list[str]] = {}
    kind: list[str] = []
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith(" "):
            kind.extend(line.split())
        elif not line.startswith("#"):
            kind = found.setdefault(line.strip(), [])
    return found


def person(rng: Random, *, family_of: Person | None = None, woman: bool | None = None) -> Person:
    """Somebody; with ``family_of`` a relative who bears the same family name."""
    sound = family_of.sound if family_of else rng.choice(_SOUNDS)
    is_woman = rng.random() < 0.5 if woman is None else woman
    women, men = (
        (words()["malay_women"], words()["malay_men"])
        if sound is Sound.MALAY
        else (words()["thai_women"], words()["thai_men"])
    )
    given = rng.choice(women if is_woman else men)
    return Person(given, family_of.family if family_of else family(rng, sound), is_woman, sound)


def family(rng: Random, sound: Sound) -> str:
    """A family name."""
    if sound is Sound.MALAY:
        return rng.choice(words()["malay_heads"]) + rng.choice(words()["malay_tails"])
    if sound is Sound.THAI:
        return rng.choice(words()["thai_heads"]) + rng.choice(words()["thai_tails"])
    return rng.choice(words()["chinese_clans"])


def village(rng: Random) -> str:
    """A village that is on no map."""
    return rng.choice(words()["malay_heads"]) + rng.choice(words()["malay_tails"])


def giver(rng: Random, kind: DonorKind) -> str:
    """The name of a donor of this kind."""
    if kind is DonorKind.HOUSEHOLD:
        return f"ครอบครัว{person(rng).family}"
    if kind is DonorKind.COMPANY:
        form = rng.choice(("บริษัท {} จำกัด", "หจก. {}", "ร้าน{}"))
        return form.format(f"{family(rng, Sound.THAI)} {rng.choice(words()['trades'])}")
    if kind is DonorKind.AGENCY:
        return rng.choice(words()["agencies"]) + village(rng)
    if kind is DonorKind.MOSQUE:
        return rng.choice(words()["mosques"]) + village(rng)
    if kind is DonorKind.SCHOOL:
        return f"โรงเรียนบ้าน{village(rng)}"
    return person(rng).full


def school(rng: Random, age: int) -> str:
    """The school a child of this age goes to."""
    kind = "ศูนย์พัฒนาเด็กเล็กบ้าน" if age < 6 else "โรงเรียนบ้าน"
    return kind + village(rng)


def phone(number: int) -> str:
    """A number of the province's area code whose exchange begins with 0: none does."""
    return f"073-0{number // 1000 % 100:02d}-{number % 1000:03d}"


def account_number(number: int) -> str:
    """A bank account number that no bank would give out."""
    return f"0000{number:06d}"


def citizen_number(number: int) -> str:
    """A 13-digit number with a right check digit, issued by district 9500, which does not exist."""
    digits = f"19500{number:07d}"
    total = sum(int(digit) * (13 - place) for place, digit in enumerate(digits))
    return f"{digits}{(11 - total % 11) % 10}"


def learner_number(number: int, be_year: int) -> str:
    """A G-code of the province (Ministry of Education), with a serial that only counts the demo."""
    return f"G{be_year % 100:02d}95{number:08d}"
