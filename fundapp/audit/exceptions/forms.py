"""The filter of exceptions, and the form that dismisses one."""

from flask_babel import gettext
from wtforms import HiddenField, ValidationError

from fundapp.web.forms import BaseForm, DayField, DaysFilter, LongTextField, MoneyField
from fundapp.web.lazy import lazy as _l

_MOST_DAYS = 366


class ExceptionFilter(DaysFilter):
    """Days, a year at most, and the limit that some rules ask about."""

    limit = MoneyField(_l("Limit (baht)"), required=None)

    def validate_from_on(self, field: DayField) -> None:
        """A year at the most."""
        if field.data and (self.last_day - field.data).days > _MOST_DAYS:
            raise ValidationError(gettext("Choose a year at the most."))


class DismissForm(BaseForm):
    """Why nothing follows."""

    key = HiddenField("")
    reason = LongTextField(
        _l("Why nothing follows"),
        longest=500,
        required=_l("Write why nothing follows."),
        description=_l("The reason stays; the exception stays in the list with it."),
    )
