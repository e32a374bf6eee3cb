"""The form to find one's pledges again."""

from flask_babel import gettext as _
from wtforms import ValidationError

from fundapp.giving.references import is_reference, normalise_reference
from fundapp.web.forms import BaseForm, EmailField, PhoneField, TextField
from fundapp.web.lazy import lazy as _l


class FindPledgeForm(BaseForm):
    """An e-mail address, or the reference of a payment, with the telephone number or without."""

    email = EmailField(_l("E-mail"))
    reference = TextField(_l("Reference"))
    phone = PhoneField(_l("Phone"))

    def validate_email(self, field: EmailField) -> None:
        """One of the two is needed."""
        if not field.data and not self.reference.data:
            raise ValidationError(_("Enter your e-mail address, or the reference of your gift."))

    def validate_reference(self, field: TextField) -> None:
        """Its check digit tells a mistake in typing at once."""
        if field.data and not is_reference(normalise_reference(field.data)):
            raise ValidationError(_("This is no reference of the fund. Check it letter by letter."))

    def validate_phone(self, field: PhoneField) -> None:
        """A number alone says too little."""
        if field.data and not self.email.data and not self.reference.data:
            raise ValidationError(_("Enter the reference of your gift beside the number."))
