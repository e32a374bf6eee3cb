"""The forms that upload a list of children, say what its columns hold, and take it over."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from fundapp.children.imports.columns import ALWAYS_NEEDED, ChildColumn, ChildMapping
from fundapp.labels import LabelledEnum
from fundapp.places.models import District
from fundapp.spreadsheets.cells import DayOrder
from fundapp.spreadsheets.headings import distinct_headings
from fundapp.spreadsheets.reading import MAX_BYTES, Sheet, read_sheet
from fundapp.web.forms import (
    BaseForm,
    ChoiceField,
    RadioChoiceField,
    TextField,
    UploadField,
    choices,
)
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized

_REQUIRED = _l("Choose one of the possibilities shown.")


class ChildUploadForm(BaseForm):
    """A list, and the profile of its columns if there is one."""

    file = UploadField(
        _l("Spreadsheet"), required=_l("Choose the spreadsheet."), most_bytes=MAX_BYTES
    )
    profile = ChoiceField[LabelledEnum](_l("Columns"))

    #: What was read, after `read`.
    content: bytes = b""
    sheet: Sheet

    def __init__(self, profiles: Sequence[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        names = {name: name for name in profiles}
        self.profile.choices = choices(names, blank=_("Propose them from the headings"))

    def read(self) -> None:
        """Read the file, outside of any transaction. Raises SpreadsheetRefusedError, BusyError."""
        self.content = self.file.content() or b""
        self.sheet = read_sheet(self.content, field="file")


class ChildMappingForm(BaseForm):
    """Which column holds what; the field of each is made below."""

    day_order = RadioChoiceField[DayOrder](
        _l("What comes first in days"), DayOrder, required=_REQUIRED
    )
    district = ChoiceField[LabelledEnum](_l("District of rows that name none"))
    profile_name = TextField(_l("Keep these columns under a name"), longest=60)

    def __init__(self, sheet: Sheet, districts: Sequence[District], mapping: ChildMapping) -> None:
        super().__init__(
            day_order=mapping.day_order,
            district=mapping.district_code,
            **{f"column_{column}": name for column, name in mapping.headings.items()},
        )
        self.district.choices = choices(
            {district.code: localized(district) for district in districts},
            blank=_("None: each row names it"),
        )
        headings = {name: name for name in distinct_headings(sheet.headings)}
        for column in ChildColumn:
            self.field_of(column).choices = choices(headings, blank=_("Not in this file"))

    def field_of(self, column: ChildColumn) -> Any:
        """The field that says which column of the file holds this."""
        return self._fields[f"column_{column}"]

    def is_needed(self, column: ChildColumn) -> bool:
        """Whether nobody can be registered without this column."""
        return column in ALWAYS_NEEDED

    @property
    def mapping(self) -> ChildMapping:
        """What was chosen."""
        chosen = {column: self.field_of(column).data for column in ChildColumn}
        return ChildMapping(
            {column: name for column, name in chosen.items() if name},
            self.day_order.value,
            self.district.data or "",
        )


for _column in ChildColumn:
    setattr(ChildMappingForm, f"column_{_column}", ChoiceField[LabelledEnum](_l(_column.label)))
