"""The base form, and the one way to carry a form out."""

from collections.abc import Callable
from typing import ClassVar, TypeVar

from flask import flash, redirect
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import (
    Field,
    Form,
    HiddenField,
)

from fundapp.db import unit_of_work
from fundapp.errors import DomainError, FormUsedError, NotFoundError, StaleError
from fundapp.ids import new_public_id
from fundapp.paging import int_key
from fundapp.web.errors import headers_of, note_refusal, status_of
from fundapp.web.locale import translated

T = TypeVar("T")

Answer = Response | tuple[str, int] | tuple[str, int, dict[str, str]]

_LONGEST_FORM_ID = 64


class BaseForm(FlaskForm):
    """A form that is sent: it carries an id of its own and the version of what its page showed.

    The id tells a second click from a second wish (``idempotency_key``); ``version`` is whatever
    the operation compares to notice that somebody changed the thing meanwhile.
    """

    class Meta:
        """The token is asked for before any view runs (`fundapp.web.request_checks`)."""

        csrf = False

    form_id = HiddenField("", default=new_public_id)
    version = HiddenField("")

    #: The rule's error that `refuse` showed last.
    refusal: DomainError | None = None

    @property
    def version_number(self) -> int:
        """The version where it is a number; 0, which no row has, when it cannot be read."""
        return int_key(self.version.data) or 0

    def validate_form_id(self, field: HiddenField) -> None:
        """An id of our own making; another one is replaced, as if the page had just been opened."""
        key = field.data or ""
        if not (key.isascii() and key.isprintable() and 0 < len(key) <= _LONGEST_FORM_ID):
            field.data = new_public_id()

    def refuse(self, error: DomainError) -> None:
        """Show the refusal beside its field, or above the form when it names none of its fields."""
        self.refusal = error
        if isinstance(error, FormUsedError):
            self.form_id.data = new_public_id()
        field = self._fields.get(error.field or "")
        if field is None:
            self.form_errors.append(translated(error))
        else:
            field.errors = [*field.errors, translated(error)]


class ButtonForm(BaseForm):
    """A form of one button."""


class FilterForm(Form):
    """The filter above a list. It comes in the address, so it carries no form token."""

    #: Fields that `state` leaves out.
    unnamed: ClassVar[frozenset[str]] = frozenset()

    def chosen(self) -> dict[str, object]:
        """What was chosen, by name: days, choices and numbers, which were understood, not texts."""
        return {
            name: field.data
            for name, field in self._fields.items()
            if field.data and not getattr(field, "is_free_text", False)
        }

    def state(self) -> list[str]:
        """What was chosen or typed, as people read it: ``Fund Scholarships``, in their language."""
        chosen = (
            (field.label.text, shown(field))
            for name, field in self._fields.items()
            if name not in self.unnamed and field.data and field.data != field.default
        )
        return [f"{label} {text}" for label, text in chosen if text]


def shown(field: Field) -> str:
    """The value of a field as its page shows it: the label of a choice, else what was typed."""
    labels = {
        str(choice.value): str(choice.label) for choice in getattr(field, "choices", None) or ()
    }
    return labels.get(str(field.data), "") if labels else str(field._value())


def submit(
    form: BaseForm,
    work: Callable[[], T],
    *,
    done: Callable[[T], Answer],
    page: Callable[[], str],
    refused: Callable[[DomainError], str] | None = None,
    stale: Callable[[StaleError], Answer] | None = None,
    before: Callable[[], object] | None = None,
) -> Answer:
    """Carry out a form: ``done`` (usually 303) when ``work`` went through, else ``page`` with 422.

    ``work`` runs in one unit of work, perhaps more than once, so it passes ids and values;
    ``before`` runs once before it, when the form could be read (rate limits, cleaning of uploads).
    A rule's refusal is shown on the form, which keeps what was typed; so is that others write for
    too long (503), and that there were too many tries (429). Refusals with another status (403,
    409) have their own error page, unless ``refused`` makes one; unknown things are always 404.
    ``stale`` answers where somebody changed the thing meanwhile, and the person goes on elsewhere.
    """
    if not form.validate_on_submit():
        return page(), 422
    try:
        if before is not None:
            before()
        result = unit_of_work(work)
    except NotFoundError:
        raise
    except DomainError as error:
        note_refusal(error)
        if stale is not None and isinstance(error, StaleError):
            return stale(error)
        status = status_of(error)
        if refused is None and status not in {422, 429, 503}:
            raise
        form.refuse(error)
        text = page() if refused is None else refused(error)
        headers = headers_of(error)
        return (text, status, headers) if headers else (text, status)
    return done(result)


def redirect_with(message: str, url: str, category: str = "success") -> Response:
    """The answer after something was done: 303 to ``url``, where ``message`` is shown."""
    flash(message, category)
    return redirect(url, 303)
