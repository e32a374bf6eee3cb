"""Children for tests, registered by the operation that serves the pages."""

import itertools
from datetime import date
from typing import Any

from fundapp.children.drafts import ChildDraft, ChildFacts, ConsentDraft, GuardianDraft
from fundapp.children.files import ChildFile
from fundapp.children.models import ASKED_KINDS, Child, ConsentKind, Relation, TargetGroup
from fundapp.children.operations import read_file, register_child
from fundapp.children.policy import SENSITIVE_GROUPS
from fundapp.db import unit_of_work
from fundapp.identity.models import User
from fundapp.thai.identity_numbers import IdKind
from tests.factories.identity import make_user

RAMAN, YAHA, MUEANG = "9506", "9505", "9501"

_numbers = itertools.count(1)
#: Syllables that sound differently: two names of `unlike_name` differ in two of them at least, so
#: no two children are like each other.
_EVEN, _ODD = ("ka", "sa", "pa", "ma"), ("ta", "fa", "ca", "la")


def unlike_name(number: int) -> str:
    """A given name that is like that of no other number below 1,024."""
    digits = [number // 4**place % 4 for place in range(5)]
    digits.append(sum(digits) % 4)
    digits.append(sum(place * digit for place, digit in enumerate(digits)) % 4)
    return "Child" + "".join(
        (_ODD if place % 2 else _EVEN)[digit] for place, digit in enumerate(digits)
    )


def thai_pin(number: int) -> str:
    """A Thai identity number with the right last digit; ``number`` has up to eleven digits."""
    body = f"1{number:011d}"
    total = sum(int(digit) * (13 - index) for index, digit in enumerate(body))
    return f"{body}{(11 - total % 11) % 10}"


def consent_draft(**overrides: Any) -> ConsentDraft:
    values = {
        "kind": ConsentKind.KEEP_FILE,
        "signer_name": "Aminah Invented",
        "relation": Relation.MOTHER,
        "signed_on": date(2026, 5, 1),
        **overrides,
    }
    return ConsentDraft(**values)


def every_consent(**overrides: Any) -> tuple[ConsentDraft, ...]:
    """The consents that every kind of help can rest on."""
    return tuple(consent_draft(kind=kind, **overrides) for kind in ASKED_KINDS)


def child_facts(**overrides: Any) -> ChildFacts:
    number = next(_numbers)
    values = {
        "given_name": unlike_name(number),
        "family_name": "Invented",
        "birth_on": date(2016, 2, 29),
        "id_kind": IdKind.THAI_PIN,
        "id_number": thai_pin(number),
        "target_group": TargetGroup.AT_RISK,
        "school_name": "Ban Example School",
        **overrides,
    }
    return ChildFacts(**values)


_FACTS = frozenset(ChildFacts.__dataclass_fields__)


def child_draft(**overrides: Any) -> ChildDraft:
    """A draft that the operation accepts; facts of the child are given by their names as well."""
    given = {name: overrides.pop(name) for name in _FACTS & set(overrides)}
    facts = overrides.get("facts") or child_facts(**given)
    is_sensitive = facts.target_group in SENSITIVE_GROUPS
    values = {
        "facts": facts,
        "district_code": RAMAN,
        "guardian": GuardianDraft(name="Aminah Invented", phone="0812345678"),
        "relation": Relation.MOTHER,
        "consents": every_consent() if is_sensitive else (consent_draft(),),
        **overrides,
    }
    return ChildDraft(**values)


def make_child(by: User | None = None, **overrides: Any) -> Child:
    """Commit a child; without ``by`` by a new case manager of its district."""
    draft = child_draft(**overrides)
    by = by or make_user("case_manager", (draft.district_code,))
    return unit_of_work(register_child, draft, actor=by.as_actor())


def file_of(child: Child, by: User) -> ChildFile:
    """The child's file, as this person reads it."""
    return unit_of_work(read_file, child.public_id, actor=by.as_actor())
