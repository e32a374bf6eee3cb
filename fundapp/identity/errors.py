"""What identity refuses."""

from fundapp.errors import RuleError
from fundapp.markers import N_


class EmailTakenError(RuleError):
    """Two people cannot share one address."""

    message = N_("Somebody with this e-mail address may sign in already.")


class InvalidEmailError(RuleError):
    """The address cannot be one."""

    message = N_("Enter an e-mail address like name@example.org.")


class UnknownDistrictError(RuleError):
    """A district code that no place has."""

    message = N_("There is no district with the code %(code)s.")


class RoleMissingError(RuleError):
    """A person without a role could do nothing."""

    message = N_("Choose at least one role.")


class WrongPasswordError(RuleError):
    """The present password was not given."""

    message = N_("This is not your present password.")


class LastAdministratorError(RuleError):
    """Nobody could let anybody in any more."""

    message = N_("This is the last administrator. Make somebody else an administrator first.")


class DistrictMissingError(RuleError):
    """A case manager without a district would see no child."""

    message = N_("A case manager needs at least one district.")


class OwnRoleError(RuleError):
    """Whoever gives the role away by mistake could not take it back."""

    message = N_(
        "You cannot take the role of administrator from yourself. Ask another administrator."
    )


class OwnAccountError(RuleError):
    """Locking oneself out is always a mistake."""

    message = N_("You cannot disable yourself. Ask another administrator.")
