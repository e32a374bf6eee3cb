"""Forms of identity."""

from typing import Any

from flask_babel import gettext as _
from wtforms import HiddenField, ValidationError
from wtforms.validators import EqualTo

from fundapp.access.combinations import BY_EXCEPTION
from fundapp.access.permissions import DISTRICT_ROLES, Role
from fundapp.identity.errors import DistrictMissingError
from fundapp.identity.models import Delivery, ExceptionReason
from fundapp.web.forms import (
    BaseForm,
    CheckboxesField,
    ChoiceField,
    DayField,
    EmailField,
    NameField,
    PasswordField,
    RadioChoiceField,
    TextField,
    choices,
)
from fundapp.web.lazy import lazy as _l

ROLE_HINTS: dict[Role, str] = {
    Role.DONOR: _l("Gives to the fund and sees the own gifts."),
    Role.CASE_MANAGER: _l(
        "Looks after the children of the districts chosen below, and asks for help."
    ),
    Role.SUPERVISOR: _l(
        "Sees the files of the districts chosen below and who read them; handles no money."
    ),
    Role.FUND_OFFICER: _l(
        "Records money that comes in, imports bank statements and pays help out."
    ),
    Role.APPROVER: _l("Decides on requests for help."),
    Role.AUDITOR: _l("Reads the books and the trail, changes nothing."),
    Role.ADMINISTRATOR: _l("Manages who may sign in; sees no child and moves no money."),
}


class SignInForm(BaseForm):
    """E-mail address and password; ``next`` is the path to go to afterwards."""

    email = EmailField(_l("E-mail address"), required=_l("Enter your e-mail address."))
    password = PasswordField(_l("Password"), required=_l("Enter your password."))
    next = HiddenField()


class SignInLinkForm(BaseForm):
    """The address of a mailbox."""

    email = EmailField(_l("E-mail address"), required=_l("Enter your e-mail address."))


class ConfirmMailboxForm(BaseForm):
    """The address of the mailbox that a link came to, where another browser had asked for it."""

    email = EmailField(_l("E-mail address"))


class FactorForm(BaseForm):
    """A second factor: a typed code, or what a script wrote for a passkey. Their names are no other
    form's, because `fundapp.identity.fresh_factor` adds them to any form.
    """

    factor_code = TextField(
        _l("Code"),
        description=_l("Six digits of the app, or a recovery code."),
        longest=60,
    )
    factor_passkey = HiddenField()
    next = HiddenField()


class AppForm(BaseForm):
    """The first code of an authenticator app."""

    code = TextField(
        _l("Code that the app shows now"), longest=20, required=_l("Type the code of the app.")
    )


class PasskeyForm(BaseForm):
    """A new passkey, of which a script wrote what the browser made."""

    name = TextField(
        _l("Name"),
        description=_l("By which you recognise it, for example My telephone."),
        longest=60,
    )
    factor_passkey = HiddenField()


class InvitationForm(BaseForm):
    """A password that somebody invited chooses; on paper with the code of a second sheet."""

    second = TextField(_l("Code on the second sheet"), longest=60)
    password = PasswordField(_l("New password"), required=_l("Enter a new password."))
    again = PasswordField(
        _l("New password, once more"),
        validators=[EqualTo("password", _l("This is not the same as the new password above."))],
    )


class InvitationCodeForm(BaseForm):
    """The code of an invitation on paper."""

    code = TextField(
        _l("Code on the sheet"), longest=80, required=_l("Type the code that is on the sheet.")
    )


class DeliveryForm(BaseForm):
    """How an invitation gets to its person; the view sets the choices."""

    delivery = RadioChoiceField(
        _l("How the invitation gets to the person"),
        Delivery,
        required=_l("Choose how the invitation gets to the person."),
    )


class PasswordForm(BaseForm):
    """A new password of one's own."""

    current = PasswordField(_l("Present password"), required=_l("Enter your present password."))
    password = PasswordField(_l("New password"), required=_l("Enter a new password."))
    again = PasswordField(
        _l("New password, once more"),
        validators=[EqualTo("password", _l("This is not the same as the new password above."))],
    )


class DistrictsForm(BaseForm):
    """The districts that a case manager, or a supervisor, is limited to; the view sets the
    choices.
    """

    districts = CheckboxesField(_l("Districts"), choices=[])


class RolesForm(DistrictsForm):
    """Other roles and districts; ``version`` is what the person held when the form was shown."""

    roles = CheckboxesField(_l("Roles"), choices=choices(Role))
    supervised = CheckboxesField(_l("Supervised districts"), choices=[])
    until = DayField(_l("Last day of the auditor"))

    def role_map(self) -> dict[Role, list[str]]:
        """The districts of each role that is ticked."""
        districts = {Role.CASE_MANAGER: self.districts.data, Role.SUPERVISOR: self.supervised.data}
        return {role: districts.get(role) or [] for role in map(Role, self.roles.data or ())}


class ExceptionForm(BaseForm):
    """A written exception: which role beside which other, why, and until when."""

    role: ChoiceField[Role] = ChoiceField(
        _l("Role that the exception allows"), required=_l("Choose the role."), choices=[]
    )
    beside: ChoiceField[Role] = ChoiceField(
        _l("Beside the role"), required=_l("Choose the other role."), choices=[]
    )
    reason = RadioChoiceField(_l("Why"), ExceptionReason, required=_l("Choose why."))
    ends_on = DayField(_l("Last day"), required=_l("Enter the last day."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        exceptional = frozenset[Role]().union(*BY_EXCEPTION)
        roles = choices([role for role in Role if role in exceptional], blank=_("Choose a role"))
        self.role.choices = self.beside.choices = roles

    def values(self) -> dict[str, str]:
        """What is proposed."""
        return {
            "role": self.role.data,
            "beside": self.beside.data,
            "reason": str(self.reason.value),
            "ends_on": self.ends_on.value.isoformat(),
        }


class UserForm(DeliveryForm, DistrictsForm):
    """A new person who may sign in."""

    email = EmailField(_l("E-mail address"), required=_l("Enter the e-mail address."))
    name = NameField(_l("Name"), longest=120, required=_l("Enter the name that colleagues know."))
    role = RadioChoiceField(_l("Role"), Role, required=_l("Choose a role."))
    until = DayField(_l("Last day of the auditor"))

    def validate_districts(self, field: Any) -> None:
        """A case manager or supervisor without a district would see no child."""
        if self.role.member in DISTRICT_ROLES and not field.data:
            raise ValidationError(_(DistrictMissingError.message))
