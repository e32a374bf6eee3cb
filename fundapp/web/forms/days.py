"""The filter of a list by days."""

from datetime import date, datetime, timedelta

from flask_babel import gettext
from wtforms import ValidationError

from fundapp import clock
from fundapp.web.forms.base import FilterForm
from fundapp.web.forms.fields import DayField
from fundapp.web.lazy import lazy as _l

_USUAL_DAYS = 90


class DaysFilter(FilterForm):
    """A range of days; what is left empty makes it end today and begin 90 days before its end."""

    from_on = DayField(_l("From the day"))
    to_on = DayField(_l("To the day"))

    def validate_to_on(self, field: DayField) -> None:
        """The range must not end before it begins."""
        if self.from_on.data and field.data and field.data < self.from_on.data:
            raise ValidationError(gettext("The last day lies before the first. Exchange them."))

    @property
    def first_day(self) -> date:
        """The first day of the range."""
        return self.from_on.data or self.last_day - timedelta(days=_USUAL_DAYS)

    @property
    def last_day(self) -> date:
        """The last day of the range."""
        return self.to_on.data or max(clock.today(), self.from_on.data or clock.today())

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """The instants at which the range begins and is over."""
        return clock.day_bounds(self.first_day, self.last_day)
