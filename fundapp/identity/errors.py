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
    """Case managers and supervisors see the children of own districts only, so need one."""

    message = N_("A case manager or supervisor needs at least one district.")


class OwnRoleError(RuleError):
    """Nobody changes the own roles, neither for more nor for less."""

    message = N_("You cannot change your own roles. Ask another administrator.")


class RolesExcludedError(RuleError):
    """One person may never hold the two roles together."""

    message = N_("One person cannot be %(one)s and %(other)s at once. Choose one of the two.")


class ExceptionMissingError(RuleError):
    """One person may hold the two roles together only by a written exception."""

    message = N_(
        "One person is %(one)s and %(other)s only by a written exception with an end date. "
        "Propose the exception first."
    )


class NoExceptionalPairError(RuleError):
    """The two roles need no exception, or none can be made."""

    message = N_("There is no exception for %(one)s and %(other)s.")


class ExceptionDayError(RuleError):
    """An exception ends, and soon enough to be looked at again."""

    message = N_("An exception ends after today and within a year.")


class OwnExceptionError(RuleError):
    """Nobody makes an exception for oneself."""

    message = N_("Others make an exception for you. Ask another administrator.")


class WiderRolesError(RuleError):
    """One person alone only takes roles and districts away."""

    message = N_("One person alone only takes roles and districts away.")


class OwnAccountError(RuleError):
    """Nobody disables oneself."""

    message = N_("You cannot disable yourself. Ask another administrator.")
