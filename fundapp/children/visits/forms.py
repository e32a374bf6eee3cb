"""The form of a visit on a phone: that of a visit, and the child's code."""

from typing import Any

from fundapp.children.casework.forms import EntryForm
from fundapp.children.casework.models import CaseKind
from fundapp.web.forms import TextField
from fundapp.web.lazy import lazy as _l


class VisitForm(EntryForm):
    """A visit to the child with this code."""

    code = TextField(_l("The child's code"), longest=20, required=_l("Enter the child's code."))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(CaseKind.VISIT, **kwargs)
