"""Reads of places."""

from collections.abc import Collection

from sqlalchemy import select

from fundapp.db import db
from fundapp.places.models import District, Subdistrict


def list_districts(province_code: str | None = None) -> list[District]:
    """The districts of a province, or all known ones, by code."""
    statement = select(District).order_by(District.code)
    if province_code is not None:
        statement = statement.where(District.province_code == province_code)
    return list(db.session.scalars(statement))


def list_subdistricts(district_code: str | None = None) -> list[Subdistrict]:
    """The subdistricts of a district, or all known ones, by code."""
    statement = select(Subdistrict).order_by(Subdistrict.code)
    if district_code is not None:
        statement = statement.where(Subdistrict.district_code == district_code)
    return list(db.session.scalars(statement))


def find_subdistricts(codes: Collection[str]) -> dict[str, Subdistrict]:
    """The subdistricts with these codes, by code, in one query."""
    rows = db.session.scalars(select(Subdistrict).where(Subdistrict.code.in_(codes)))
    return {place.code: place for place in rows}


def find_district(code: str) -> District | None:
    """The district of this code."""
    return db.session.get(District, code)


def find_subdistrict(code: str) -> Subdistrict | None:
    """The subdistrict with this code, or None; the empty code is nobody's."""
    return db.session.get(Subdistrict, code) if code else None
