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


class OwnResetError(RuleError):
    """Nobody resets the own sign-in."""

    message = N_(
        "You cannot reset your own sign-in. Change your password and second factors under My "
        "account, or ask another administrator."
    )


class LinkOverError(RuleError):
    """A link to sign in works once, for a short while."""

    message = N_("This link was used already or is too old. Ask for a new one.")


class OtherMailboxError(RuleError):
    """In another browser than the one that asked, the address is typed."""

    message = N_("The link was sent to another address. Enter the address of that mailbox.")


class NoSecondPrinterError(RuleError):
    """Nobody could print the second sheet."""

    message = N_(
        "Nobody else could print the second sheet. Send the invitation by e-mail, or have whoever "
        "runs the server print it: flask users reset EMAIL, or flask users invite EMAIL for "
        "somebody without a password."
    )


class PrintedByTwoError(RuleError):
    """While two administrators may sign in, a command prints no invitation alone."""

    message = N_(
        "Two administrators may sign in, so the command line does not do this alone. One of them "
        "prints the first sheet under Users, another the second."
    )


class OwnSheetError(RuleError):
    """Who printed the first sheet would hold both."""

    message = N_(
        "You printed the first sheet. Another administrator prints the second, and hands it over "
        "without you."
    )


class NoSheetWaitsError(RuleError):
    """The second sheet is printed once, while the invitation can be used."""

    message = N_(
        "No invitation of this person waits for a second sheet. If a sheet is lost, invite again."
    )


class SecondSheetMissingError(RuleError):
    """Only one of two sheets is printed."""

    message = N_(
        "The second sheet has not been printed yet. Ask another administrator of the fund for it."
    )


class WrongSheetError(RuleError):
    """The code is not that of the second sheet."""

    message = N_("This is not the code on the second sheet.")


class InvitationOverError(RuleError):
    """The invitation was used, cancelled, replaced by a newer one, or is too old."""

    message = N_(
        "This invitation has been used, was replaced by a newer one, or is too old. "
        "Ask an administrator of the fund for a new one."
    )


class NotInvitedError(RuleError):
    """Only somebody who has no password yet can be invited again."""

    message = N_("This person has a password already. Reset the sign-in instead.")


class PasswordNotTakenError(RuleError):
    """In service people choose their passwords themselves."""

    message = N_(
        "A password is taken only for the first administrator of an empty database, or in a demo. "
        "Leave --password-stdin out: an invitation is printed, with which the person chooses one."
    )


class WrongCodeError(RuleError):
    """The code of an app is not the present one."""

    message = N_(
        "This is not the code that the app shows now. Check the clock of the telephone, wait for "
        "the next code, and type that."
    )


class FactorClockError(RuleError):
    """The server's clock was set back, so that no code of an app can be right."""

    message = N_(
        "The clock of the server is %(minutes)d minutes behind: codes of an app are not right "
        "before an administrator sets it. Use a passkey or a recovery code meanwhile."
    )


class WrongFactorError(RuleError):
    """Neither a code nor a passkey was right."""

    message = N_(
        "This is not right, or was used before. Type the code that the app shows now, or a "
        "recovery code that you have not used."
    )


class WrongPasskeyError(RuleError):
    """The browser's answer for a new passkey is not one to this page."""

    message = N_("The passkey could not be added. Open the page again and repeat it.")


class NoSetUpError(RuleError):
    """A code of an app confirms a set-up that was begun."""

    message = N_("The set-up of the app was not begun, or was begun again. Begin it again.")


class LastFactorError(RuleError):
    """Whoever works for the fund keeps a second factor."""

    message = N_("This is your only second factor. Add another one before you remove it.")


class AuditorDayError(RuleError):
    """Only an auditor's access has a last day, within a year."""

    message = N_("Only an auditor has a last day. It is today at the earliest, and within a year.")
