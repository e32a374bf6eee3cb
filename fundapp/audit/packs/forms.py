"""The form of a pack."""

from fundapp.web.forms import BaseForm, DayField
from fundapp.web.lazy import lazy as _l

_DAY = _l("Enter a day, for example 1/10/2569 or 1/10/2026.")


class PackForm(BaseForm):
    """The period of a pack."""

    from_on = DayField(_l("From"), required=_DAY)
    to_on = DayField(_l("To"), required=_DAY)
