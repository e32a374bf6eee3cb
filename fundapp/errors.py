"""Errors a person can act on.

An operation that cannot be carried out raises a ``DomainError``: one sentence that says what is
wrong and what to do. `fundapp.web` is the only place that turns them into HTTP answers. Sentences
are English message ids with named placeholders; the web layer translates them.
"""

from collections.abc import Mapping

from fundapp.markers import N_


class DomainError(Exception):
    """Something the rules do not allow; nothing has been changed.

    ``message`` is an untranslated sentence with ``%(name)s`` placeholders, ``params`` fills them,
    and
    ``field`` names the form field it belongs to, if it belongs to one.
    """

    message: str = N_("This cannot be done.")

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
    """There is no such thing, or it is not this person's to see: both look the same from
    outside.
    """

    message = N_("There is nothing here under this address.")


class ForbiddenError(DomainError):
    """The person is known, but the rules do not let this person do it."""

    message = N_("Your role does not allow this.")


class StaleError(DomainError):
    """Somebody changed the thing since the page was opened."""

    message = N_(
        "Somebody changed this since you opened the page. Look at it again before you decide."
    )


class RuleError(DomainError):
    """A rule of the fund stands against it."""
