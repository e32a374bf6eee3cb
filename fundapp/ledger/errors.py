"""What the books refuse."""

from fundapp.errors import DomainError, RuleError
from fundapp.markers import N_


class InsufficientFundsError(RuleError):
    """The fund has less available than the entry takes."""

    message = N_("The fund does not have enough money left for this. Nothing has been booked.")


class PeriodClosedError(RuleError):
    """The month of the day is closed, or the books have no such month."""

    message = N_("The books are closed for that day. Choose a day in an open month.")


class IdempotencyConflictError(DomainError):
    """An idempotency key was used again with other content."""

    message = N_("This was already booked with other content. Look at the existing entry first.")


class AlreadyReversedError(RuleError):
    """An entry is reversed once at most."""

    message = N_("This entry has been reversed already.")


class PersonalDataError(RuleError):
    """A memo is public for ever, so it may not carry an id number, an account number, a telephone
    number or an e-mail address. The sentence is that of the kind, and quotes the words.
    """
