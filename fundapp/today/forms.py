"""The form with which an officer makes a file of a donor's data."""

from flask_babel import gettext as _
from wtforms import ValidationError

from fundapp import clock
from fundapp.web.forms import BaseForm, DayField
from fundapp.web.lazy import lazy as _l


class DataCopyForm(BaseForm):
    """When the donor asked."""

    asked_on = DayField(
        _l("Day of the letter"), required=_l("Enter a date, for example 24/11/2569.")
    )

    def validate_asked_on(self, field: DayField) -> None:
        """Today or earlier."""
        if field.value > clock.today():
            raise ValidationError(_("This day is still to come. Enter the day of the letter."))
