"""Files that may be of one child among many, each pair once (pure).

Comparing each with each would take hours for 20,000. Only those are compared who have one of these
in common: the sounds of both names (one sound left out of either), given name and year of birth,
given name and guardian, family name and birth date.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from fundapp.children.likeness import Alike, Person, compare
from fundapp.thai.sounds import sounds_of

#: A sound of so many signs is also taken with one of them left out.
_LONG = 4


class Neighbours:
    """People who were seen, to find those among them who are like another one."""

    def __init__(self) -> None:
        self._people: dict[int, Person] = {}
        self._blocks: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)

    def find(self, person: Person) -> Iterator[tuple[int, Alike]]:
        """Who of them is like this person, and in what."""
        seen: set[int] = set()
        for block in set(_blocks(person)):
            for other in self._blocks[block]:
                if other not in seen:
                    seen.add(other)
                    alike = compare(self._people[other], person)
                    if alike is not None:
                        yield other, alike

    def add(self, row_id: int, person: Person) -> None:
        """One more."""
        self._people[row_id] = person
        for block in set(_blocks(person)):
            self._blocks[block].append(row_id)


def likely_pairs(
    people: Mapping[int, Person], report: Callable[[int], None] = lambda _count: None
) -> Iterator[tuple[int, int, Alike]]:
    """(the one, the other, what speaks for it), the smaller first; ``report`` is told how many more
    people were looked at.
    """
    seen = Neighbours()
    for row_id in sorted(people):
        person = people[row_id]
        for other, alike in seen.find(person):
            yield other, row_id, alike
        seen.add(row_id, person)
        report(1)


def _blocks(person: Person) -> Iterator[tuple[object, ...]]:
    given, family, guardian = (
        "".join(sounds_of(name))
        for name in (person.given_name, person.family_name, person.guardian_name)
    )
    for heard in _with_one_left_out(given):
        yield "names", heard, family
    for heard in _with_one_left_out(family):
        yield "names", given, heard
    # Of two years that follow each other one has the later one as its next.
    for year in (person.birth.on.year, person.birth.on.year + 1):
        yield "born", given, year
    if guardian:
        yield "guardian", given, guardian
    if not person.birth.is_estimated:
        yield "family", family, person.birth.on


def _with_one_left_out(sound: str) -> set[str]:
    if len(sound) < _LONG:
        return {sound}
    return {sound, *(sound[:at] + sound[at + 1 :] for at in range(len(sound)))}
