"""The form by which a guardian or school answers without an account."""

from flask_babel import gettext as _
from wtforms.validators import ValidationError

from fundapp.disbursements.models import ReceiptOutcome
from fundapp.web.forms import BaseForm, LongTextField, RadioChoiceField
from fundapp.web.lazy import lazy as _l


class ReceiptAnswerForm(BaseForm):
    """Received, not received, or received with a problem, and what happened."""

    outcome = RadioChoiceField(
        _l("Did the money come?"), ReceiptOutcome, required=_l("Choose what happened.")
    )
    note = LongTextField(_l("What went wrong"), longest=1000)

    def validate_note(self, field: LongTextField) -> None:
        """A problem needs words."""
        is_problem = self.outcome.member not in (None, ReceiptOutcome.RECEIVED)
        if is_problem and not field.data:
            raise ValidationError(_("Write what happened to the money."))
