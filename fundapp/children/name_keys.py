"""Keyed hashes by which a child is found by its name, however it is typed or spelled, though names
are encrypted, and by which a file of the same child is looked for.

Why hashes and no index in memory: docs/decisions/0028-finding-by-name.md. A word of a name is
hashed folded, by its sound, and by its sound with one sign left out: two words that differ by one
sound have one of these in common. Pairs of facts (given name and year of birth, given name and
guardian, family name and birth date) lead to those who may be the same child.
"""

from collections.abc import Iterable

from fundapp.children.likeness import Person
from fundapp.crypto import keyring
from fundapp.thai.folding import fold_text
from fundapp.thai.names import fold_name
from fundapp.thai.sounds import sound_of, words_of

#: Bytes of each hash: with a hundred million of them none is there twice by chance.
LENGTH = 16
#: A sound of so many signs is also found with one of them missing.
_LONG = 4
#: Words of a name, or of a search, that are looked at.
MOST_WORDS = 6
_WHERE = "child_name_keys.key"


def keys_of(person: Person) -> set[bytes]:
    """Every key of a file."""
    texts = set(_pairs(person)) | {birth_month_text(person.birth.on.year, person.birth.on.month)}
    return set(hash_texts(texts)) | word_keys(person.given_name, person.family_name)


def word_keys(*names: str) -> set[bytes]:
    """The keys by which these names are found."""
    spelled = (_spellings(word) for name in names for word in _words(name))
    return set(hash_texts(set().union(*spelled)))


def search_keys(text: str) -> list[set[bytes]]:
    """Of each word of what is searched for its keys."""
    return [set(hash_texts(_spellings(word))) for word in _words(text)]


def pair_keys(person: Person) -> set[bytes]:
    """The keys of pairs that a file of the same child may have; the year may be wrong by one."""
    years = (person.birth.on.year + step for step in (-1, 0, 1))
    return set(hash_texts({*_pairs(person), *(_born(person, year) for year in years)}))


def birth_month_text(year: int, month: int) -> str:
    """What is hashed of the month of a birth: to ask again for consents at 10 and 20."""
    return f"month\x1f{year:04d}-{month:02d}"


def hash_texts(texts: Iterable[str]) -> list[bytes]:
    """The keys of these texts, in their order."""
    return [digest[:LENGTH] for digest in keyring().lookups(texts, _WHERE)]


def _pairs(person: Person) -> Iterable[str]:
    given, family = _sound(person.given_name), _sound(person.family_name)
    yield _born(person, person.birth.on.year)
    if person.guardian_name:
        yield f"guardian\x1f{given}\x1f{_sound(person.guardian_name)}"
    if not person.birth.is_estimated:
        yield f"family\x1f{family}\x1f{person.birth.stored}"


def _born(person: Person, year: int) -> str:
    return f"born\x1f{_sound(person.given_name)}\x1f{year}"


def _words(name: str) -> list[str]:
    return words_of(fold_name(name))[:MOST_WORDS]


def _spellings(word: str) -> set[str]:
    sound = sound_of(word)
    left_out = (sound[:at] + sound[at + 1 :] for at in range(len(sound))) if _is_long(sound) else ()
    return {f"word\x1f{word}", *(f"sound\x1f{each}" for each in (sound, *left_out) if each)}


def _is_long(sound: str) -> bool:
    return len(sound) >= _LONG


def _sound(name: str) -> str:
    return "".join(sound_of(word) for word in _words(name)) or fold_text(name)
