"""Whether two files may be of one child: by names, birth date, guardian and school (pure).

Each fact that agrees speaks for it with so many points, and one that differs against it; `ENOUGH`
was chosen on a generated list of 20,000 (tests/children/test_likeness.py measures it). Names are
compared folded, by sound in either script, and with one sound more, less or another.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from fundapp.children.births import Birth, Precision
from fundapp.labels import LabelledEnum
from fundapp.markers import N_
from fundapp.thai.folding import fold_text
from fundapp.thai.names import fold_name
from fundapp.thai.sounds import sounds_of

#: Points from which two files may be of one child.
ENOUGH = 8
#: Sounds of this length and more say something when they are equal.
_TELLING = 3
_NEAR_DAYS = 31
#: Points of names, birth date, guardian and school.
_SAME, _SOUNDS, _NEAR = 3, 2, 1
_BORN_SAME, _BORN_NEAR, _BORN_PERHAPS = 5, 3, 2


class Likeness(LabelledEnum):
    """What speaks for it that two files are of one child."""

    SAME_NUMBER = "same_number", N_("the same identity number")
    SAME_NAME = "same_name", N_("the same name")
    SOUNDS_ALIKE = "sounds_alike", N_("a name that sounds alike")
    NAME_NEAR = "name_near", N_("a name that differs a little")
    SAME_BIRTH = "same_birth", N_("the same birth date")
    BIRTH_NEAR = "birth_near", N_("a birth date that is near")
    BIRTH_PERHAPS = "birth_perhaps", N_("a birth date that is known in part and fits")
    SAME_GUARDIAN = "same_guardian", N_("a guardian of the same name")
    SAME_SCHOOL = "same_school", N_("the same school")


@dataclass(frozen=True, slots=True)
class Person:
    """What two files are compared by."""

    given_name: str = field(repr=False)
    family_name: str = field(repr=False)
    birth: Birth = field(repr=False)
    guardian_name: str = field(repr=False, default="")
    school_name: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class Spelled:
    """A word of a name with what is compared of it."""

    text: str = field(repr=False)
    folded: str = field(repr=False)
    sound: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Alike:
    """How much speaks for it, and what."""

    points: int
    reasons: tuple[Likeness, ...]


def compare(one: Person, other: Person) -> Alike | None:
    """What speaks for it that the two are one child; None where it is not enough."""
    born, birth_reason = _compare_births(one.birth, other.birth)
    if birth_reason is None:
        return None
    given = _compare_names(one.given_name, other.given_name)
    family = _compare_families(one.family_name, other.family_name)
    guardian = _compare_guardians(one.guardian_name, other.guardian_name)
    # Twins have the same family, guardian and birth date; another family needs the same guardian.
    if not given or (not family and guardian < _SOUNDS):
        return None
    school = _is_same(one.school_name, other.school_name)
    points = given + family + born + guardian + school
    if points < ENOUGH:
        return None
    return Alike(points, _reasons(given, family, birth_reason, guardian, school=school))


def fit(name: str, wanted: str) -> int:
    """How well a name fits what was searched for; 0 where a word of it fits none of the name."""
    return fit_words(name, spelled_words(wanted))


def spelled_words(text: str) -> list[Spelled]:
    """The words of a name or of a search, as they are compared: worked out once for many."""
    return [_spelled(word) for word in _split(text)]


def fit_words(name: str, wanted: Sequence[Spelled]) -> int:
    """As `fit`, where many names are compared with one search."""
    words, points = spelled_words(name), 0
    for word in wanted:
        best = max(
            (_compare_spelled(word, each) or _begins(each, word) for each in words), default=0
        )
        if not best:
            return 0
        points += best
    return points


def is_one_apart(one: str, other: str) -> bool:
    """Whether one sign more, less or another makes the one text the other."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    at = next((n for n, sign in enumerate(one) if sign != other[n]), len(one))
    rest = one[at:] if len(one) < len(other) else one[at + 1 :]
    return rest == other[at + 1 :]


def _split(name: str) -> list[str]:
    return fold_name(name).split()


def _begins(name: Spelled, word: Spelled) -> int:
    return _NEAR if len(word.text) >= _TELLING and name.text.startswith(word.text) else 0


def _reasons(
    given: int, family: int, birth: Likeness, guardian: int, *, school: bool
) -> tuple[Likeness, ...]:
    least = min(given, family) if family else given
    names = {_SAME: Likeness.SAME_NAME, _SOUNDS: Likeness.SOUNDS_ALIKE, _NEAR: Likeness.NAME_NEAR}
    found = [names[least], birth]
    if guardian > 0:
        found.append(Likeness.SAME_GUARDIAN)
    if school:
        found.append(Likeness.SAME_SCHOOL)
    return tuple(found)


def _compare_names(one: str, other: str) -> int:
    return _compare_spelled(_spelled(one), _spelled(other))


def _spelled(text: str) -> Spelled:
    return Spelled(text, fold_name(text).replace(" ", ""), "".join(sounds_of(text)))


def _compare_spelled(one: Spelled, other: Spelled) -> int:
    folded = one.folded, other.folded
    if not all(folded):
        return 0
    if folded[0] == folded[1]:
        return _SAME
    sounds = one.sound, other.sound
    if not all(sounds):
        return 0
    if sounds[0] == sounds[1]:
        return _SOUNDS if len(sounds[0]) >= _TELLING else _NEAR
    near = any(min(map(len, each)) > _TELLING and is_one_apart(*each) for each in (sounds, folded))
    return _NEAR if near else 0


def _compare_families(one: str, other: str) -> int:
    """A family name that is missing says nothing for or against."""
    if not one.strip() or not other.strip():
        return _NEAR if one.strip() or other.strip() else _SOUNDS
    return _compare_names(one, other)


def _compare_guardians(one: str, other: str) -> int:
    if not one.strip() or not other.strip():
        return 0
    points = _compare_names(one, other)
    return points if points >= _SOUNDS else -1


def _compare_births(one: Birth, other: Birth) -> tuple[int, Likeness | None]:
    if one.is_estimated or other.is_estimated:
        return _compare_estimates(one, other)
    if one.on == other.on:
        return _BORN_SAME, Likeness.SAME_BIRTH
    is_swapped = (one.on.year, one.on.day, one.on.month) == (
        other.on.year,
        other.on.month,
        other.on.day,
    )
    years = abs(one.on.year - other.on.year)
    is_year_wrong = years in {1, 10} and (one.on.month, one.on.day) == (
        other.on.month,
        other.on.day,
    )
    if is_swapped or is_year_wrong or abs((one.on - other.on).days) <= _NEAR_DAYS:
        return _BORN_NEAR, Likeness.BIRTH_NEAR
    return 0, None


def _compare_estimates(one: Birth, other: Birth) -> tuple[int, Likeness | None]:
    if abs(one.on.year - other.on.year) > 1:
        return 0, None
    by_month = Precision.YEAR not in {one.precision, other.precision}
    if one.on.year == other.on.year and (not by_month or one.on.month == other.on.month):
        return _BORN_NEAR if by_month else _BORN_PERHAPS, Likeness.BIRTH_PERHAPS
    # Whoever knows a year alone may be wrong by one.
    return (0, None) if by_month else (1, Likeness.BIRTH_PERHAPS)


def _is_same(one: str, other: str) -> bool:
    folded = fold_text(one).replace(" ", "")
    return bool(folded) and folded == fold_text(other).replace(" ", "")
