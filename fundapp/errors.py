"""Errors a person can act on.

An operation that cannot be carried out raises a ``DomainError``: one sentence that says what is
wrong and what to do. `fundapp.web` is the only place that turns them into HTTP answers. Sentences
are English message ids with named placeholders; the web layer translates them.
"""

from collections.abc import Mapping

from fundapp.markers import N_
from fundapp.thai.names import has_letter


class DomainError(Exception):
    """Something the rules do not allow; nothing has been changed.

    ``message`` is an untranslated sentence with ``%(name)s`` placeholders that ``params`` fills;
    ``field`` is the name of the form field it belongs to, or None.
    """

    message: str = N_("This cannot be done.")
    #: The sentence without its values, for the trail; empty where ``message`` has none.
    message_in_trail: str = ""
    #: Whether the trail keeps that a person who is signed in tried it.
    is_recorded: bool = False

    def __init__(
        self,
        message: str | None = None,
        *,
        field: str | None = None,
        params: Mapping[str, object] | None = None,
    ) -> None:
        self.message = message or type(self).message
        self.field = field
        self.params = dict(params or {})
        super().__init__(self.message % self.params if self.params else self.message)


class NotFoundError(DomainError):
    """There is no such thing, or the actor may not know of it: the answer is the same, so that
    nobody learns what exists.
    """

    message = N_("There is nothing here under this address.")
    is_recorded = True


class ForbiddenError(DomainError):
    """The actor is known, but may not do this."""

    message = N_("Your role does not allow this.")
    is_recorded = True


class StaleError(DomainError):
    """Somebody changed the thing after the actor read it."""

    message = N_(
        "Somebody changed this since you opened the page. Look at it again before you decide."
    )


class BusyError(DomainError):
    """Others write at the same time, and the wait was too long."""

    message = N_("Too many people are saving at this moment. Nothing was saved; send it again.")


class TooManyTriesError(DomainError):
    """Too many tries in too short a time; ``retry_after`` is how many whole seconds to wait.

    ``params`` holds the same time in words under ``wait``.
    """

    message = N_("Too many tries from here. Nothing was saved. Try again in %(wait)s.")

    def __init__(
        self,
        retry_after: int,
        *,
        wait: object,
        message: str | None = None,
        field: str | None = None,
    ) -> None:
        super().__init__(message, field=field, params={"wait": wait})
        self.retry_after = retry_after


class RuleError(DomainError):
    """A rule of the fund does not allow it."""


class FormUsedError(RuleError):
    """The same form was sent before, with other content. Sent once more, it is another form."""

    message = N_(
        "This form was sent before, with other content. Nothing was saved now. If you want this "
        "as well, send it again."
    )


class UnreadableNameError(RuleError):
    """A name has no letter that anybody sees."""

    message = N_("Write the name in letters, as it is on the paper.")


def require_readable_name(name: str, *, field: str) -> None:
    """UnreadableNameError for a name without a letter; whether it may be empty the caller says."""
    if name and not has_letter(name):
        raise UnreadableNameError(field=field)


def message_of(class_name: str) -> str | None:
    """The sentence of the errors of this class, without values; None when there is no such
    class.
    """
    kinds = [DomainError]
    for kind in kinds:
        if kind.__name__ == class_name:
            return kind.message_in_trail or kind.message
        kinds += kind.__subclasses__()
    return None
