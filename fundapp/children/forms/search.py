"""Finding children: the filters of the list, and the exact search."""

from collections.abc import Sequence
from typing import Self

from flask_babel import gettext as _
from wtforms import Form, SelectField, StringField

from fundapp.children.forms.base import ChildrenForm
from fundapp.children.labels import STATUSES
from fundapp.children.models import ChildStatus
from fundapp.places.models import District
from fundapp.web.fields import clean_text, options
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized


class FilterForm(Form):
    """Which children to list; a value that is not offered counts as none."""

    district = SelectField(_l("District"), validate_choice=False)
    status = SelectField(_l("Status"), choices=options(STATUSES, blank=_l("Open and closed files")))

    def offer(self, districts: Sequence[District]) -> Self:
        """Offer these districts."""
        names = {district.code: localized(district) for district in districts}
        self.district.choices = options(names, blank=_("All my districts"))
        return self

    def district_code(self) -> str | None:
        """The chosen district."""
        return self.district.data or None

    def chosen_status(self) -> ChildStatus | None:
        """The chosen status."""
        known = set(map(str, ChildStatus))
        return ChildStatus(self.status.data) if self.status.data in known else None


class FindForm(ChildrenForm):
    """An exact search; sent by POST, so that a number stands in no address and no log."""

    id = StringField(_l("Identity number or code"), filters=[clean_text])
