"""The form that decides on a possible duplicate."""

from fundapp.children.forms.consents import CHOOSE_ONE
from fundapp.children.models import DuplicateDecision
from fundapp.web.forms import BaseForm, LongTextField, RadioChoiceField
from fundapp.web.lazy import lazy as _l


class DuplicateForm(BaseForm):
    """Whether the new file is of another child, and why."""

    decision = RadioChoiceField(_l("This file is of"), DuplicateDecision, required=CHOOSE_ONE)
    reason = LongTextField(
        _l("Reason"), required=_l("Write why: what you compared, and whom you asked.")
    )
