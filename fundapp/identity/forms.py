"""Forms of identity."""

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, EqualTo, Length
from wtforms.widgets import CheckboxInput, ListWidget

from fundapp.access.permissions import Role
from fundapp.identity.errors import DistrictMissingError
from fundapp.identity.labels import ROLE_LABELS
from fundapp.identity.passwords import LONGEST
from fundapp.web.lazy import lazy as _l


class SignInForm(FlaskForm):
    """The door."""

    email = EmailField(_l("E-mail address"), [DataRequired(_l("Enter your e-mail address."))])
    password = PasswordField(_l("Password"), [DataRequired(_l("Enter your password."))])
    next = HiddenField()


class PasswordForm(FlaskForm):
    """One's own password, changed."""

    current = PasswordField(
        _l("Present password"), [DataRequired(_l("Enter your present password."))]
    )
    password = PasswordField(
        _l("New password"),
        [
            DataRequired(_l("Enter a new password.")),
            Length(max=LONGEST, message=_l("Use at most 128 characters.")),
        ],
    )
    again = PasswordField(
        _l("New password, once more"),
        [EqualTo("password", _l("This is not the same as the new password above."))],
    )


class DistrictsForm(FlaskForm):
    """What a case manager is bound to."""

    districts = SelectMultipleField(
        _l("Districts"),
        choices=[],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )


class RolesForm(DistrictsForm):
    """What a person may do from now on; ``version`` is what the person might when it was shown."""

    version = HiddenField()
    roles = SelectMultipleField(
        _l("Roles"),
        choices=[SelectChoice(role.value, label) for role, label in ROLE_LABELS.items()],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )


class UserForm(DistrictsForm):
    """A person who may sign in from now on."""

    email = EmailField(_l("E-mail address"), [DataRequired(_l("Enter the e-mail address."))])
    name = StringField(
        _l("Name"),
        [
            DataRequired(_l("Enter the name that colleagues know.")),
            Length(max=120, message=_l("Use at most 120 characters.")),
        ],
    )
    role = RadioField(
        _l("Role"),
        choices=[SelectChoice(role.value, label) for role, label in ROLE_LABELS.items()],
        validators=[DataRequired(_l("Choose a role."))],
    )

    def validate_districts(self, field: SelectMultipleField) -> None:
        """A case manager without one would see no child."""
        if self.role.data == Role.CASE_MANAGER and not field.data:
            raise ValidationError(_(DistrictMissingError.message))
