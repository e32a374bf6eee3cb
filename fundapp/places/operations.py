"""Importing lists of places."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select

from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.markers import N_
from fundapp.places.errors import PlacesRejectedError, RowError
from fundapp.places.models import District, Province, Subdistrict
from fundapp.places.place_lists import MAX_ERRORS, PlaceList, PlaceRow, official_provinces
from fundapp.places.policy import may_import_places
from fundapp.trail.operations import record_event

Place = TypeVar("Place", Province, District, Subdistrict)


@dataclass(slots=True)
class PlacesImported:
    """How many places a list added, changed and left unchanged."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


def import_places(places: PlaceList, *, actor: Actor) -> PlacesImported:
    """Import a list, all of it or nothing; the same list again changes nothing.

    Known places get the names and postal codes of the list. The province of a new district is
    added from the official list of provinces. Raises PlacesRejectedError for places of unknown
    districts or provinces, and ForbiddenError.
    """
    require(may_import_places(actor))
    result = PlacesImported()
    _save(Province, places.provinces, result)
    parents = [*places.districts, *_unknown_districts(places)]
    _add_provinces(parents, result)
    _save(District, parents, result)
    _save(Subdistrict, places.subdistricts, result)
    record_event(
        "places:list:import",
        actor=actor,
        subject_type="places",
        subject_ref="list",
        note=f"{result.added} added, {result.changed} changed",
    )
    db.session.flush()
    return result


def _unknown_districts(places: PlaceList) -> list[PlaceRow]:
    """New districts that a list of subdistricts names; unnamed ones are errors of its rows."""
    wanted = {row.code[:4]: row for row in reversed(places.subdistricts)}
    known = set(db.session.scalars(select(District.code).where(District.code.in_(wanted))))
    missing = [code for code in sorted(wanted) if code not in known]
    problem = N_("District %(code)s is not known. Import the list of districts first.")
    errors = [
        RowError(wanted[code].row, "district_code", problem, {"code": code})
        for code in missing
        if code not in places.named_districts
    ]
    if errors:
        raise PlacesRejectedError("districts are missing", errors[:MAX_ERRORS])
    return [places.named_districts[code] for code in missing]


def _add_provinces(districts: Iterable[PlaceRow], result: PlacesImported) -> None:
    """Add the provinces of districts that are not in the table yet."""
    wanted = {row.code[:2]: row for row in districts}
    known = set(db.session.scalars(select(Province.code).where(Province.code.in_(wanted))))
    problem = N_("There is no province with the code %(code)s.")
    errors = [
        RowError(row.row, "district_code", problem, {"code": code})
        for code, row in wanted.items()
        if code not in known and code not in official_provinces()
    ]
    if errors:
        raise PlacesRejectedError("provinces are missing", errors[:MAX_ERRORS])
    missing = [official_provinces()[code] for code in sorted(wanted) if code not in known]
    _save(Province, missing, result)


def _save(kind: type[Place], rows: Iterable[PlaceRow], result: PlacesImported) -> None:
    """Add the new places of one kind, and update the others."""
    listed = {row.code: row for row in rows}
    if not listed:
        return
    statement = select(kind).where(kind.code >= min(listed))
    known: dict[str, Place] = {place.code: place for place in db.session.scalars(statement)}
    for code, row in listed.items():
        values = _values(kind, row)
        place = known.get(code)
        if place is None:
            db.session.add(kind(code=code, **_complete(kind, values)))
            result.added += 1
        elif _update(place, values):
            result.changed += 1
        else:
            result.unchanged += 1
    db.session.flush()


def _values(kind: type, row: PlaceRow) -> dict[str, str]:
    """The columns that the list states; what it leaves empty stays unchanged."""
    values = {"name_th": row.name_th, "name_en": row.name_en}
    if kind is Subdistrict:
        values["district_code"] = row.code[:4]
        if row.postal_code:
            values["postal_code"] = row.postal_code
        return values
    if kind is District:
        values["province_code"] = row.code[:2]
    if row.name_ms:
        values["name_ms"] = row.name_ms
    return values


def _complete(kind: type, values: Mapping[str, str]) -> dict[str, str]:
    """A new place without a Malay name gets its romanised one."""
    return dict(values) if kind is Subdistrict else {"name_ms": values["name_en"], **values}


def _update(place: Province | District | Subdistrict, values: Mapping[str, str]) -> bool:
    different = {name: text for name, text in values.items() if getattr(place, name) != text}
    for name, text in different.items():
        setattr(place, name, text)
    return bool(different)
