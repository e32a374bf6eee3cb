"""The field for a day on which money moved: a day that is unlikely is asked about, not refused."""

from datetime import date
from typing import Any

from flask_babel import gettext
from wtforms.validators import StopValidation

from fundapp import clock
from fundapp.thai.calendar import fiscal_year_be
from fundapp.web.filters import day as day_text
from fundapp.web.forms.fields import DayField
from fundapp.web.locale import locale_code

_DAYS_OF_A_YEAR = 365


class MoneyDayField(DayField):
    """A day on which money moved.

    One that is years ago, of another fiscal year than today, or before ``begins_on`` is refused
    with a question and a box to tick; the box holds for that day only. A day to come is left to the
    form, which says what it should be.
    """

    #: No such money can be due before this day, if the form knows one.
    begins_on: date | None = None
    #: The question, when the day was unlikely; the page then shows the box.
    doubt: str = ""
    #: The day whose box was ticked.
    ticked: str = ""

    @property
    def box_name(self) -> str:
        """The name of the box; its value is the day."""
        return f"{self.name}_is_right"

    @property
    def is_ticked(self) -> bool:
        """Whether the box was ticked for this very day."""
        return self.data is not None and self.ticked == self.data.isoformat()

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """Read the day, and its box."""
        super().process(formdata, *args, **kwargs)
        if formdata is not None:
            self.ticked = next(iter(formdata.getlist(self.box_name)), "")

    def pre_validate(self, form: Any) -> None:
        """Stop at an unlikely day whose box is not ticked."""
        super().pre_validate(form)
        self.doubt = "" if self.data is None else self._doubt(self.data, clock.today())
        if self.doubt and not self.is_ticked:
            raise StopValidation(self.doubt)

    def _doubt(self, day: date, today: date) -> str:
        years = (today - day).days // _DAYS_OF_A_YEAR
        year = fiscal_year_be(day)
        if day > today:
            return ""
        if years > 1:
            return gettext(
                "%(day)s is %(years)s years ago. Is this right? If so, tick the box below.",
                day=day_text(day),
                years=years,
            )
        if year != fiscal_year_be(today):
            return gettext(
                "%(day)s is in fiscal year %(year)s, which is over. Is this right? "
                "If so, tick the box below.",
                day=day_text(day),
                year=_year_text(year),
            )
        if self.begins_on is not None and day < self.begins_on:
            return gettext(
                "%(day)s is before the pledge was made, on %(made)s. Is this right? "
                "If so, tick the box below.",
                day=day_text(day),
                made=day_text(self.begins_on),
            )
        return ""


def _year_text(be: int) -> str:
    """A fiscal year as receipts name it; with B.E. where people write years otherwise."""
    return str(be) if locale_code() == "th" else f"B.E. {be}"
