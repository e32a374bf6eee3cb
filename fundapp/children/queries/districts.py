"""The districts and subdistricts whose children a viewer may see."""

from collections.abc import Iterable

from fundapp.access.actors import Actor
from fundapp.children.policy import own_districts, sees_children_everywhere
from fundapp.places.models import District, Subdistrict
from fundapp.places.queries import find_subdistrict, list_districts, list_subdistricts


def list_own_districts(viewer: Actor) -> list[District]:
    """The districts whose children the viewer may see, by code."""
    districts, own = list_districts(), own_districts(viewer)
    everywhere = sees_children_everywhere(viewer)
    return [district for district in districts if everywhere or district.code in own]


def list_subdistricts_of(districts: Iterable[District]) -> list[Subdistrict]:
    """The subdistricts of these districts, by code."""
    return [
        subdistrict for district in districts for subdistrict in list_subdistricts(district.code)
    ]


def is_subdistrict_of(subdistrict_code: str, district_code: str) -> bool:
    """Whether the subdistrict exists and is in the district."""
    subdistrict = find_subdistrict(subdistrict_code)
    return subdistrict is not None and subdistrict.district_code == district_code
