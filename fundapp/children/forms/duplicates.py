"""The forms that decide on a possible duplicate, merge two files and undo that."""

from fundapp.children.forms.consents import CHOOSE_ONE
from fundapp.children.models import DuplicateDecision
from fundapp.web.forms import BaseForm, LongTextField, RadioChoiceField, TextField
from fundapp.web.lazy import lazy as _l

REASON = _l("Write why: what you compared, and whom you asked.")


class DuplicateForm(BaseForm):
    """Whether the new file is of another child, and why."""

    decision = RadioChoiceField(_l("This file is of"), DuplicateDecision, required=CHOOSE_ONE)
    reason = LongTextField(_l("Reason"), required=REASON)


class ChildMergeForm(BaseForm):
    """Into which other file of the same child a file is merged, and why."""

    other_code = TextField(_l("Code of the other file"), required=_l("Write the code of the file."))
    reason = LongTextField(_l("Reason"), required=REASON)


class UndoMergeForm(BaseForm):
    """Why two files were not of one child."""

    reason = LongTextField(_l("Reason"), required=REASON)
