"""The demo's children, with their guardians and consents (pure)."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from demo import names
from demo.dates import Span, office_hour, workday
from demo.events import ChildClosed, ChildRegistered, ConsentWithdrawn, DuplicateDecided, Event
from demo.sizes import Size
from fundapp.children.drafts import ChildFacts
from fundapp.children.likeness import Person
from fundapp.children.models import (
    CLOSED_BY_HAND,
    CloseReason,
    ConsentKind,
    DuplicateDecision,
    Relation,
    TargetGroup,
)
from fundapp.children.pairs import Neighbours
from fundapp.thai.calendar import be_year
from fundapp.thai.identity_numbers import IdKind

#: Shares of the districts in the children, in hundredths.
_DISTRICTS = {
    "9501": 21, "9502": 11, "9503": 15, "9504": 8, "9505": 13, "9506": 18, "9507": 5, "9508": 9,
}  # fmt: skip
#: Years of age at registration, by group.
_AGES = {
    TargetGroup.EARLY_CHILDHOOD: (0, 5),
    TargetGroup.OUT_OF_SCHOOL: (7, 18),
    TargetGroup.AT_RISK: (8, 17),
    TargetGroup.TEEN_MOTHER: (14, 18),
    TargetGroup.POOR_STUDENT: (6, 18),
    TargetGroup.DISABILITY: (3, 17),
}
_GROUPS = (
    *[TargetGroup.EARLY_CHILDHOOD] * 6,
    *[TargetGroup.POOR_STUDENT] * 6,
    *[TargetGroup.OUT_OF_SCHOOL] * 3,
    *[TargetGroup.AT_RISK] * 3,
    TargetGroup.DISABILITY,
    TargetGroup.TEEN_MOTHER,
)
_RELATIONS = (
    *[Relation.MOTHER] * 8,
    *[Relation.FATHER] * 4,
    *[Relation.GRANDPARENT] * 4,
    Relation.RELATIVE,
    Relation.LEGAL_GUARDIAN,
)
_ID_KINDS = (*[IdKind.THAI_PIN] * 16, IdKind.GCODE, IdKind.GCODE, IdKind.NONE, IdKind.OTHER)
#: What a case manager says of a file with the names and birth date of another one.
_ANOTHER_CHILD = "ครอบครัวแจ้งว่าเป็นเด็กคนละคน อยู่คนละหมู่บ้าน"
_IS_WOMAN = {Relation.MOTHER: True, Relation.FATHER: False}


@dataclass(frozen=True, slots=True)
class ChildPlan:
    """A child; nothing is requested for it from ``helped_until`` on."""

    registered: ChildRegistered
    person: names.Person
    guardian: names.Person
    helped_until: date

    @property
    def number(self) -> int:
        """The child's number in the plan."""
        return self.registered.child

    @property
    def is_sensitive_possible(self) -> bool:
        """Whether help with health may be requested: that needs a consent of its own."""
        return ConsentKind.SENSITIVE_FACTS in self.registered.consents

    @property
    def is_zakat_possible(self) -> bool:
        """Whether zakat may be requested: the zakat group is on file, with a consent of its own."""
        return ConsentKind.ZAKAT in self.registered.consents


def plan_children(
    span: Span, size: Size, subdistricts: dict[str, list[str]], rng: Random
) -> tuple[list[ChildPlan], list[Event]]:
    """The children, and everything that happens to their files."""
    children: list[ChildPlan] = []
    events: list[Event] = []
    known = Neighbours()
    for number in range(1, size.children + 1):
        child = _unlike(_plan_child(number, children, span, subdistricts, rng), known)
        children.append(child)
        events.append(child.registered)
    for child in children:
        events.extend(_later_events(child, span, rng))
    events += _registered_again(children, span, rng)
    return children, events


def _unlike(child: ChildPlan, known: Neighbours) -> ChildPlan:
    """The child, born on an earlier day while one is ``known`` who is like it: of many thousand
    made-up children some would be alike by chance.
    """
    facts, guardian = child.registered.facts, child.guardian.full
    while any(known.find(person := _person(facts, guardian))):
        facts = replace(facts, birth_on=facts.birth_on - timedelta(days=97))
    known.add(child.number, person)
    return replace(child, registered=replace(child.registered, facts=facts))


def _person(facts: ChildFacts, guardian: str) -> Person:
    return Person(facts.given_name, facts.family_name, facts.birth, guardian, facts.school_name)


def _registered_again(children: list[ChildPlan], span: Span, rng: Random) -> list[Event]:
    """Two children of the first round are registered a second time: the supervisor has decided on
    one, and the other waits.
    """
    decided, waiting = children[1].registered, children[0].registered
    first, again = len(children) + 1, workday(span.last - timedelta(days=6))
    return [
        _again(decided, first, office_hour(rng, again)),
        DuplicateDecided(
            at=office_hour(rng, workday(again + timedelta(days=1))),
            child=first,
            decision=DuplicateDecision.SAME_CHILD,
            reason="สอบถามผู้จัดการรายกรณีและครอบครัวแล้ว เป็นเด็กคนเดียวกัน",
        ),
        _again(waiting, first + 1, office_hour(rng, workday(again + timedelta(days=1)))),
    ]


def _again(earlier: ChildRegistered, number: int, at: datetime) -> ChildRegistered:
    """The same child without its number and school."""
    facts = replace(earlier.facts, id_kind=IdKind.NONE, id_number="", school_name="")
    return replace(earlier, at=at, child=number, facts=facts, another_child=_ANOTHER_CHILD)


def _plan_child(
    number: int,
    earlier: list[ChildPlan],
    span: Span,
    subdistricts: dict[str, list[str]],
    rng: Random,
) -> ChildPlan:
    sibling = rng.choice(earlier) if earlier and number % 7 == 0 else None
    guardian = sibling.guardian if sibling else names.person(rng)
    relation = sibling.registered.relation if sibling else rng.choice(_RELATIONS)
    if sibling is None and relation in _IS_WOMAN:
        guardian = names.person(rng, family_of=guardian, woman=_IS_WOMAN[relation])
    # The first children are of different districts, so that every district has some.
    districts = list(_DISTRICTS)
    first_round = districts[number - 1] if number <= len(districts) else None
    district = sibling.registered.district if sibling else first_round or _district(rng)
    registered_on = workday(span.day(rng, before=0.08 if number % 5 == 0 or first_round else 0.97))
    registered_on = min(registered_on, workday(span.last - timedelta(days=4)))
    after_sibling = sibling.registered.at.date() + timedelta(days=1) if sibling else registered_on
    at = office_hour(rng, max(registered_on, after_sibling))
    group = TargetGroup.EARLY_CHILDHOOD if number % 6 == 0 else rng.choice(_GROUPS)
    child = names.person(
        rng, family_of=guardian, woman=True if group is TargetGroup.TEEN_MOTHER else None
    )
    registered = ChildRegistered(
        at=at,
        child=number,
        district=district,
        facts=_facts(number, child, group, at.date(), subdistricts[district], rng),
        guardian_name=guardian.full,
        guardian_phone=names.phone(5000 + number) if rng.random() < 0.75 else "",
        relation=relation,
        consents=_consents(number, group, child, rng),
        # A guardian is known by a file in use; of others the names are typed once more.
        sibling_of=sibling.number if sibling and at.date() < sibling.helped_until else None,
    )
    return ChildPlan(registered, child, guardian, _helped_until(number, at.date(), span))


def _district(rng: Random) -> str:
    return rng.choices(list(_DISTRICTS), list(_DISTRICTS.values()))[0]


def _helped_until(number: int, registered_on: date, span: Span) -> date:
    """The day on which the file is closed or its consent withdrawn; mostly never."""
    if number % 23 and number % 41:
        return date.max
    until = max(registered_on + timedelta(days=120), span.last - timedelta(days=200))
    return workday(until) if until < span.last - timedelta(days=3) else date.max


def _consents(
    number: int, group: TargetGroup, child: names.Person, rng: Random
) -> tuple[ConsentKind, ...]:
    kinds = [ConsentKind.KEEP_FILE]
    if number % 2 or rng.random() < 0.2 or group is TargetGroup.DISABILITY:
        kinds.append(ConsentKind.SENSITIVE_FACTS)
        if child.style is names.NameStyle.MALAY:
            kinds.append(ConsentKind.ZAKAT)
    return tuple(kinds)


def _facts(
    number: int,
    child: names.Person,
    group: TargetGroup,
    registered_on: date,
    subdistricts: list[str],
    rng: Random,
) -> ChildFacts:
    youngest, oldest = _AGES[group]
    age = rng.randint(youngest, oldest)
    birth_on = registered_on - timedelta(days=int(age * 365.25) + rng.randrange(10, 360))
    at_school = group not in (TargetGroup.OUT_OF_SCHOOL, TargetGroup.TEEN_MOTHER) and age >= 2
    kind = rng.choice(_ID_KINDS)
    return ChildFacts(
        given_name=child.given,
        family_name=child.family,
        birth_on=birth_on,
        id_kind=kind,
        id_number=_id_number(kind, number, registered_on),
        subdistrict_code=rng.choice(subdistricts) if rng.random() < 0.95 else None,
        school_name=names.school(rng, age) if at_school else "",
        target_group=group,
    )


def _id_number(kind: IdKind, number: int, day: date) -> str:
    if kind is IdKind.THAI_PIN:
        return names.citizen_number(number)
    if kind is IdKind.GCODE:
        return names.learner_number(number, be_year(day.year))
    return f"DEMO{number:05d}" if kind is IdKind.OTHER else ""


def _later_events(child: ChildPlan, span: Span, rng: Random) -> list[Event]:
    """What happens to the file after the registration."""
    number, until = child.number, child.helped_until
    events: list[Event] = []
    if until > span.last:
        return events
    at = office_hour(rng, until)
    if number % 41 == 0:
        events.append(ConsentWithdrawn(at=at, child=number, kind=ConsentKind.KEEP_FILE))
    else:
        never = (CloseReason.DIED, CloseReason.MISTAKE)
        reasons = [reason for reason in CLOSED_BY_HAND if reason not in never]
        events.append(ChildClosed(at=at, child=number, reason=reasons[number % len(reasons)]))
    return events
