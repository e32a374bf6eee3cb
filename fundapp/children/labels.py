"""What pages call the facts of a child's file, and how they write them."""

from collections.abc import Callable, Mapping, Sequence

from flask_babel import gettext as _

from fundapp.children.births import Birth, Precision, stored_birth
from fundapp.children.casework.labels import DETAILS
from fundapp.children.files import Correction
from fundapp.children.models import LegalCapacity, TargetGroup
from fundapp.places.models import Subdistrict
from fundapp.places.queries import find_subdistricts
from fundapp.thai.calendar import be_year
from fundapp.thai.identity_numbers import IdKind, format_pin
from fundapp.web.filters import day, label, month
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import locale_code, localized

#: By the names of `corrections.FACTS`, and of what casework adds.
FACT_LABELS: dict[str, str] = {
    "given_name": _l("Given name"),
    "family_name": _l("Family name"),
    "birth_on": _l("Birth date"),
    "id_kind": _l("Kind of number"),
    "id_number": _l("Number"),
    "subdistrict_code": _l("Subdistrict"),
    "school_name": _l("School"),
    "target_group": _l("Target group"),
    **{name: _l(text) for name, text in DETAILS.items()},
}

#: Label, before and after.
ChangeRow = tuple[str, str, str]
_PIN_LENGTH = 13


def correction_rows(corrections: Sequence[Correction]) -> list[list[ChangeRow]]:
    """Of each correction its rows, as people read them; one query for all places."""
    codes = {
        code
        for correction in corrections
        for code in correction.changes.get("subdistrict_code", ())
    }
    places = find_subdistricts(codes)
    return [
        [
            (str(FACT_LABELS[name]), _text(name, before, places), _text(name, after, places))
            for name, (before, after) in correction.changes.items()
        ]
        for correction in corrections
    ]


def birth_text(birth: Birth) -> str:
    """A birth date as far as it is known."""
    if birth.precision is Precision.YEAR:
        year = be_year(birth.on.year) if locale_code() == "th" else birth.on.year
        return _("%(year)s (the year alone is known)", year=year)
    if birth.precision is Precision.MONTH:
        return _("%(month)s (the month alone is known)", month=month(birth.on))
    return day(birth.on)


def _text(name: str, value: str, places: Mapping[str, Subdistrict]) -> str:
    if name == "subdistrict_code":
        return localized(places[value]) if value in places else value or _("Not known")
    if not value:
        return ""
    read = _READERS.get(name)
    return read(value) if read is not None else value


def _groups(value: str) -> str:
    return ", ".join(label(TargetGroup(each)) for each in value.split())


def _number(value: str) -> str:
    is_pin = value.isdigit() and len(value) == _PIN_LENGTH
    return format_pin(value) if is_pin else value


#: How a fact is written that is not written as it is kept.
_READERS: dict[str, Callable[[str], str]] = {
    "birth_on": lambda value: birth_text(stored_birth(value)),
    "id_kind": lambda value: label(IdKind(value)),
    "id_number": _number,
    "target_group": _groups,
    "groups": _groups,
    "capacity": lambda value: label(LegalCapacity(value)),
}
