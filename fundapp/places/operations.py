"""Taking in lists of places."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from sqlalchemy import select

from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.markers import N_
from fundapp.places.errors import PlacesRejectedError, RowError
from fundapp.places.lists import MAX_ERRORS, PlaceList, PlaceRow, read_places
from fundapp.places.models import District, Province, Subdistrict
from fundapp.places.policy import may_import_places
from fundapp.trail.operations import record_event

Place = TypeVar("Place", Province, District, Subdistrict)

_DATA = Path(__file__).with_name("data")


@dataclass(slots=True)
class Imported:
    """What a list changed."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


def import_places(places: PlaceList, *, actor: Actor) -> Imported:
    """Take a list in, all of it or nothing; the same list again changes nothing.

    Names and postal codes of known places become those of the list. The province of a new district
    is known from the official list of provinces. Raises PlacesRejectedError for what lies in no
    known district, and ForbiddenError.
    """
    require(may_import_places(actor))
    done = Imported()
    _take(Province, places.provinces, done)
    parents = [*places.districts, *_unknown_districts(places)]
    _add_provinces(parents, done)
    _take(District, parents, done)
    _take(Subdistrict, places.subdistricts, done)
    record_event(
        "places:list:import",
        actor=actor,
        subject_type="places",
        subject_ref="list",
        note=f"{done.added} added, {done.changed} changed",
    )
    db.session.flush()
    return done


@lru_cache(maxsize=1)
def official_provinces() -> Mapping[str, PlaceRow]:
    """The 77 provinces by code, from the package's own list."""
    listed = read_places((_DATA / "provinces.csv").read_bytes())
    return {row.code: row for row in listed.provinces}


def _unknown_districts(places: PlaceList) -> list[PlaceRow]:
    """Districts that only a list of subdistricts names; every row without one is an error."""
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


def _add_provinces(districts: Iterable[PlaceRow], done: Imported) -> None:
    """Add the provinces of districts, where they are not there yet."""
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
    _take(Province, missing, done)


def _take(kind: type[Place], rows: Iterable[PlaceRow], done: Imported) -> None:
    """Add what is new of one kind, and correct what differs."""
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
            done.added += 1
        elif _correct(place, values):
            done.changed += 1
        else:
            done.unchanged += 1
    db.session.flush()


def _values(kind: type, row: PlaceRow) -> dict[str, str]:
    """What the list states of a place; what it leaves empty stays as it is."""
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
    """A new place has a Malay name: the romanised one, until somebody knows better."""
    return dict(values) if kind is Subdistrict else {"name_ms": values["name_en"], **values}


def _correct(place: Province | District | Subdistrict, values: Mapping[str, str]) -> bool:
    different = {name: text for name, text in values.items() if getattr(place, name) != text}
    for name, text in different.items():
        setattr(place, name, text)
    return bool(different)
