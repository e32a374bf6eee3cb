"""The districts in which a viewer may do something, and their subdistricts."""

from collections.abc import Iterable

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.places.models import District, Subdistrict
from fundapp.places.queries import find_subdistrict, list_districts, list_subdistricts


def list_own_districts(viewer: Actor, permission: Permission) -> list[District]:
    """The districts in which the viewer holds ``permission``, by code."""
    return [district for district in list_districts() if viewer.can_in(permission, district.code)]


def list_subdistricts_of(districts: Iterable[District]) -> list[Subdistrict]:
    """The subdistricts of these districts, by code."""
    return [
        subdistrict for district in districts for subdistrict in list_subdistricts(district.code)
    ]


def is_subdistrict_of(subdistrict_code: str, district_code: str) -> bool:
    """Whether the subdistrict exists and is in the district."""
    subdistrict = find_subdistrict(subdistrict_code)
    return subdistrict is not None and subdistrict.district_code == district_code
