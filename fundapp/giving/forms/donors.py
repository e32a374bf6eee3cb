"""The officer's search for donors, and the form to connect one with a user account."""

from wtforms import HiddenField, StringField

from fundapp.web.forms import BaseForm, EmailField, FilterForm
from fundapp.web.lazy import lazy as _l

_LONGEST_SEARCH = 100


class DonorSearch(FilterForm):
    """Search in the list of donors."""

    q = StringField(_l("Name, e-mail or payment reference"))

    def text(self) -> str:
        """What to look for; characters that no name has are left out."""
        typed = (self.q.data or "")[:_LONGEST_SEARCH]
        return "".join(letter for letter in typed if letter.isprintable())


class MergeForm(BaseForm):
    """The donor into whose file another is merged."""

    into = HiddenField()


class ConnectForm(BaseForm):
    """The user account that a donor is connected with."""

    email = EmailField(_l("E-mail address"), required=_l("Enter the e-mail address."))
