"""The forms that upload a spreadsheet, say what its columns hold, and take it over."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from fundapp.giving.imports.columns import Column, ColumnMapping
from fundapp.giving.models import MatchMode, Method
from fundapp.labels import LabelledEnum
from fundapp.ledger.models import Fund
from fundapp.spreadsheets.cells import DayOrder
from fundapp.spreadsheets.headings import distinct_headings
from fundapp.spreadsheets.reading import MAX_BYTES, Sheet, read_sheet
from fundapp.web.forms import (
    BaseForm,
    CheckboxField,
    ChoiceField,
    RadioChoiceField,
    TextField,
    UploadField,
    choices,
)
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized

_REQUIRED = _l("Choose one of the possibilities shown.")
_METHODS = (Method.TRANSFER, Method.PROMPTPAY, Method.CASH, Method.CHEQUE)


class UploadForm(BaseForm):
    """A spreadsheet, and the profile of its columns if there is one."""

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


class MappingForm(BaseForm):
    """Which column holds what; the field of each is made below."""

    day_order = RadioChoiceField[DayOrder](
        _l("What comes first in days"), DayOrder, required=_REQUIRED
    )
    mode = RadioChoiceField[MatchMode](_l("What the rows do"), MatchMode, required=_REQUIRED)
    fund = ChoiceField[LabelledEnum](_l("Fund of rows that name none"))
    method = ChoiceField[Method](_l("How rows were paid that do not say it"), Method)
    profile_name = TextField(_l("Keep these columns under a name"), longest=60)

    def __init__(
        self, sheet: Sheet, funds: Sequence[Fund], mapping: ColumnMapping, mode: MatchMode
    ) -> None:
        super().__init__(
            day_order=mapping.day_order,
            mode=mode,
            fund=mapping.fund_code,
            method=mapping.method,
            **{f"column_{column}": name for column, name in mapping.headings.items()},
        )
        self.fund.choices = choices(
            {fund.code: localized(fund) for fund in funds}, blank=_("None: each row names it")
        )
        self.method.choices = choices(_METHODS, blank=_("Each row says it"))
        headings = {name: name for name in distinct_headings(sheet.headings)}
        for column in Column:
            self.field_of(column).choices = choices(headings, blank=_("Not in this file"))

    def field_of(self, column: Column) -> Any:
        """The field that says which column of the file holds this."""
        return self._fields[f"column_{column}"]

    @property
    def mapping(self) -> ColumnMapping:
        """What was chosen."""
        chosen = {column: self.field_of(column).data for column in Column}
        return ColumnMapping(
            {column: name for column, name in chosen.items() if name},
            self.day_order.value,
            self.fund.data or "",
            self.method.member,
        )


for _column in Column:
    setattr(MappingForm, f"column_{_column}", ChoiceField[LabelledEnum](_l(_column.label)))


class CommitForm(BaseForm):
    """The button that takes a file over; past gifts are booked only with the box."""

    books_gifts = CheckboxField(_l("Book these past gifts"))
