"""A made-up list of children in which some are there twice, spelled, dated or told differently: how
many of them are found, and how many pairs are found that are none.

``python -m tests.children.alike_people 20000 400`` measures the full size.
"""

import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from demo import names
from fundapp.children.births import Birth, birth_of
from fundapp.children.likeness import Person
from fundapp.children.pairs import likely_pairs

#: What a Thai consonant is in Latin letters, as people write it.
_LATIN = dict(zip("กขคงจชซญดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ", (
    "k", "kh", "kh", "ng", "ch", "ch", "s", "y", "d", "t", "th", "th", "th", "n", "b", "p", "ph",
    "f", "ph", "f", "ph", "m", "y", "r", "l", "w", "s", "s", "s", "h", "l", "", "h",
), strict=True))  # fmt: skip
_VOWELS = {
    "ะ": "a", "ั": "a", "า": "a", "ำ": "am", "ิ": "i", "ี": "i", "ึ": "ue", "ื": "ue", "ุ": "u",
    "ู": "u", "เ": "e", "แ": "ae", "โ": "o", "ใ": "ai", "ไ": "ai",
}  # fmt: skip
_MARKS = "็่้๊๋"


def list_of(
    count: int, twice: int, seed: int = 1
) -> tuple[dict[int, Person], set[tuple[int, int]]]:
    """``count`` children by number, and the pairs of numbers that are one child."""
    rng = Random(seed)  # noqa: S311 - no secret
    people = {n: _person(rng) for n in range(count - twice)}
    pairs = set()
    for n, other in enumerate(rng.sample(range(count - twice), twice), start=count - twice):
        people[n] = _again(people[other], n, rng)
        pairs.add((other, n))
    return people, pairs


def measure(people: Mapping[int, Person], pairs: set[tuple[int, int]]) -> tuple[float, float]:
    """Recall and precision."""
    found = {(one, other) for one, other, _alike in likely_pairs(people)}
    right = len(found & pairs)
    return right / len(pairs), right / max(1, len(found))


def _person(rng: Random) -> Person:
    guardian = names.person(rng)
    child = names.person(rng, family_of=guardian)
    given = child.given
    if rng.random() < 0.6:
        # Many have two names: Muhammad and another one, Nur and another one.
        given += names.person(rng, woman=child.is_woman, family_of=guardian).given
    born = date(2006, 1, 1) + timedelta(days=rng.randrange(365 * 18))
    return Person(given, child.family, Birth(born), guardian.full, names.school(rng, 7))


def _again(person: Person, number: int, rng: Random) -> Person:
    """The same child as another list has it."""
    changes = [_CHANGES[number % len(_CHANGES)]]
    if number % 3 == 0:
        changes.insert(0, rng.choice(_LIGHT))
    for change in changes:
        person = change(person, rng)
    return person


def _without_vowel(name: str, rng: Random) -> str:
    marks = [at for at, sign in enumerate(name) if sign in "ะัิีึืุู" + _MARKS]
    if not marks:
        return name
    at = rng.choice(marks)
    return name[:at] + rng.choice(("", "ะ", "ิ")) * (name[at] not in _MARKS) + name[at + 1 :]


def _vowels(person: Person, rng: Random) -> Person:
    return replace(
        person,
        given_name=_without_vowel(person.given_name, rng),
        family_name=_without_vowel(person.family_name, rng),
    )


def _consonant(person: Person, rng: Random) -> Person:
    name = person.given_name
    places = [at for at, sign in enumerate(name) if sign in _LATIN and at > 0]
    at = rng.choice(places or [len(name) - 1])
    return replace(person, given_name=name[:at] + name[at + 1 :])


def _latin(person: Person, _rng: Random) -> Person:
    return replace(
        person,
        given_name=in_latin(person.given_name),
        family_name=in_latin(person.family_name),
        guardian_name=in_latin(person.guardian_name),
    )


def in_latin(name: str) -> str:
    """A name in Latin letters, sign by sign, the vowel before a consonant behind it."""
    signs = list(name)
    for at in range(len(signs) - 1):
        if signs[at] in "เแโใไ":
            signs[at], signs[at + 1] = signs[at + 1], signs[at]
    written = ""
    for at, sign in enumerate(signs):
        # Between two consonants without a vowel one is heard.
        if at and sign in _LATIN and signs[at - 1] in _LATIN and sign != "อ":
            written += "o"
        written += _LATIN.get(sign, _VOWELS.get(sign, sign if sign == " " else ""))
    return written


def _swapped(person: Person, _rng: Random) -> Person:
    on = person.birth.on
    if on.day > 12:
        return _near(person, _rng)
    return replace(person, birth=Birth(on.replace(month=on.day, day=on.month)))


def _near(person: Person, rng: Random) -> Person:
    days = rng.choice((-20, -7, -1, 1, 3, 28))
    return replace(person, birth=Birth(person.birth.on + timedelta(days=days)))


def _year_wrong(person: Person, _rng: Random) -> Person:
    on = person.birth.on
    return replace(person, birth=Birth(on.replace(year=on.year - 1, day=min(on.day, 28))))


def _year_alone(person: Person, _rng: Random) -> Person:
    return replace(person, birth=birth_of(person.birth.on.year))


def _other_guardian(person: Person, rng: Random) -> Person:
    return replace(person, guardian_name=names.person(rng).full)


def _other_school(person: Person, _rng: Random) -> Person:
    return replace(person, school_name="")


def _titled(person: Person, _rng: Random) -> Person:
    return replace(person, given_name=f"เด็กชาย {person.given_name}")


def _other_family(person: Person, rng: Random) -> Person:
    return replace(person, family_name=names.family(rng, names.NameStyle.MALAY))


_CHANGES = (
    _vowels, _consonant, _latin, _swapped, _near, _year_wrong, _year_alone, _other_guardian,
    _other_school, _titled, _other_family,
)  # fmt: skip
_LIGHT = (_other_school, _other_guardian, _vowels)


if __name__ == "__main__":
    asked, doubled = map(int, sys.argv[1:3])
    began = time.monotonic()
    recall, precision = measure(*list_of(asked, doubled))
    print(  # noqa: T201 - a command
        f"{asked:,} children, {doubled} twice: recall {recall:.1%}, precision {precision:.1%},"
        f" {time.monotonic() - began:.0f} s"
    )
