"""Finding children: the filters of the list, and the exact search."""

from collections.abc import Sequence
from typing import Any, Self

from flask_babel import gettext as _

from fundapp.children.models import ChildStatus
from fundapp.places.models import District
from fundapp.web.forms import (
    BaseForm,
    ChoiceField,
    DaysFilter,
    FilterForm,
    TextField,
    choices,
)
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized


class ChildFilterForm(FilterForm):
    """Which children to list."""

    district: ChoiceField[Any] = ChoiceField(_l("District"))
    status = ChoiceField(_l("Status"), ChildStatus, blank=_l("Open and closed files"))

    def offer(self, districts: Sequence[District]) -> Self:
        """Offer these districts."""
        names = {district.code: localized(district) for district in districts}
        self.district.choices = choices(names, blank=_("All my districts"))
        return self


class FindForm(BaseForm):
    """A search; sent by POST, so that no name and no number is in an address or a log."""

    # What is searched for is not stored, so its length need not be limited as a name's is.
    id = TextField(_l("Name, identity number or code"), longest=10_000)


class ReadsFilter(DaysFilter):
    """Which reads to list."""

    person = TextField(_l("Person"), longest=200)
