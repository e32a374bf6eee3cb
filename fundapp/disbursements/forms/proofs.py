"""The form that files a proof of receipt."""

from flask_babel import gettext as _
from wtforms.validators import ValidationError

from fundapp.disbursements.models import ReceiptOutcome
from fundapp.documents.forms import PaperField
from fundapp.web.forms import (
    BaseForm,
    DayField,
    LongTextField,
    NameField,
    RadioChoiceField,
)
from fundapp.web.lazy import lazy as _l


class ProofOfReceiptForm(BaseForm):
    """What the guardian or school says of the money."""

    outcome = RadioChoiceField(
        _l("The payee's answer"),
        ReceiptOutcome,
        required=_l("Choose what they say of the money."),
    )
    confirmed_on = DayField(
        _l("Day of the answer"), required=_l("Enter the day of the payee's answer.")
    )
    confirmed_by = NameField(
        _l("Who said so"), required=_l("Enter the name of who confirmed."), longest=120
    )
    note = LongTextField(_l("What went wrong"))
    document = PaperField(_l("Photograph or scan of the signed paper"))

    def validate_note(self, field: LongTextField) -> None:
        """A problem needs a note."""
        is_problem = self.outcome.member not in (None, ReceiptOutcome.RECEIVED)
        if is_problem and not field.data:
            raise ValidationError(_("Write what happened to the money."))
