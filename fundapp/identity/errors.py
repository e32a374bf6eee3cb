"""The rules that operations of identity refuse by."""

from fundapp.errors import RuleError
from fundapp.markers import N_


class EmailTakenError(RuleError):
    """Two people cannot share one address."""

    message = N_("Somebody with this e-mail address may sign in already.")


class UnknownDistrictError(RuleError):
    """No district has this code."""

    message = N_("There is no district with the code %(code)s.")


class RoleMissingError(RuleError):
    """Everybody who signs in has a role."""

    message = N_("Choose at least one role.")


class WrongPasswordError(RuleError):
    """The present password was not entered."""

    message = N_("This is not your present password.")


class LastAdministratorError(RuleError):
    """Without an administrator nobody could manage users any more."""

    message = N_("This is the last administrator. Make somebody else an administrator first.")


class DistrictMissingError(RuleError):
    """A case manager sees the children of own districts only, so needs one."""

    message = N_("A case manager needs at least one district.")


class OwnRoleError(RuleError):
    """Nobody takes the role of administrator from oneself: it could not be undone by oneself."""

    message = N_(
        "You cannot take the role of administrator from yourself. Ask another administrator."
    )


class OwnAccountError(RuleError):
    """Nobody disables oneself."""

    message = N_("You cannot disable yourself. Ask another administrator.")
