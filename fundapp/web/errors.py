"""Error pages: what is wrong, what to do, and a link back; never a stack trace.

The mapping from domain errors to HTTP codes is here and nowhere else.
"""

from flask import Flask, current_app, g, render_template, request
from flask.globals import request_ctx
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException

from fundapp.crypto import KeyringError
from fundapp.db import db, is_away
from fundapp.errors import (
    BusyError,
    DomainError,
    ForbiddenError,
    NotFoundError,
    StaleError,
    TooManyTriesError,
)
from fundapp.web.locale import translated

_Response = tuple[str, int] | tuple[str, int, dict[str, str]]

#: Seconds after which one may try again what the fund could not do at the moment (503).
RETRY_AFTER = {"Retry-After": "10"}

_TOO_LARGE = 413
#: Bytes of a request that is too large; docs/deploy/fund-proxy.conf lets no larger one through.
_MOST_THROWN_AWAY = 64 * 1024 * 1024
_PIECE = 64 * 1024

_STATUS: tuple[tuple[type[DomainError], int], ...] = (
    (NotFoundError, 404),
    (ForbiddenError, 403),
    (StaleError, 409),
    (TooManyTriesError, 429),
    (BusyError, 503),
    (DomainError, 422),
)


def note_refusal(error: DomainError) -> None:
    """Remember a refusal that the trail keeps; `identity.guard` writes it beside the answer."""
    if error.is_recorded:
        g.refusal = type(error).__name__


def status_of(error: DomainError) -> int:
    """The HTTP status of a domain error."""
    return next(status for kind, status in _STATUS if isinstance(error, kind))


def headers_of(error: DomainError) -> dict[str, str]:
    """The headers of the answer to a domain error: when to try again."""
    if isinstance(error, TooManyTriesError):
        return {"Retry-After": str(error.retry_after)}
    return RETRY_AFTER if isinstance(error, BusyError) else {}


def error_page(code: int, message: str | None = None) -> tuple[str, int]:
    """The page for ``code``; ``message`` (already translated) replaces the usual sentence."""
    title, usual = _texts(code)
    page = render_template(
        "errors/error.html",
        code=code,
        title=title,
        message=message or usual,
        back_url=own_referrer(),
    )
    return page, code


def own_referrer() -> str | None:
    """The page of ours from which the request came, or None."""
    url = request.referrer
    return url if url and url.startswith(request.host_url) else None


def init_app(app: Flask) -> None:
    """Handle every error, so that no visitor sees a stack trace."""
    app.register_error_handler(DomainError, _on_domain_error)
    app.register_error_handler(CSRFError, refused_form)
    app.register_error_handler(HTTPException, _on_http_exception)
    app.register_error_handler(KeyringError, _on_wrong_keys)
    app.register_error_handler(IntegrityError, _on_integrity_error)
    app.register_error_handler(Exception, _on_anything_else)


def _on_domain_error(error: DomainError) -> _Response:
    note_refusal(error)
    return *error_page(status_of(error), translated(error)), headers_of(error)


def refused_form(_error: CSRFError) -> _Response:
    """The page for a form that may not be ours, or is of another session."""
    return error_page(
        400,
        _(
            "This form was open too long or came from another page. "
            "Go back, reload and send it again."
        ),
    )


def _on_http_exception(error: HTTPException) -> _Response:
    if request_ctx.url_adapter is None:
        # The Host is invalid, so no page with links can be made.
        return _("This could not be read"), 400, {"Content-Type": "text/plain; charset=utf-8"}
    if error.code == _TOO_LARGE:
        _read_rest()
    page, code = error_page(error.code or 500)
    kept = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}}
    return page, code, kept


def _read_rest() -> None:
    """Read a body that is too large and throw it away, as far as the proxy lets one through: a
    browser that still sends when the connection ends shows an error of its own and not our page.
    """
    length = request.content_length or 0
    if length <= (request.max_content_length or length):
        return  # it was read in part, and the end of what is left is not known
    left = min(length, _MOST_THROWN_AWAY)
    while left > 0 and (piece := request.environ["wsgi.input"].read(min(left, _PIECE))):
        left -= len(piece)


def _on_integrity_error(error: IntegrityError) -> _Response:
    # Two people did the same thing at once, and a constraint allowed only the first.
    current_app.logger.warning("refused by a constraint: %s", type(error.orig).__name__)
    db.session.rollback()
    return error_page(409)


def _on_wrong_keys(error: KeyringError) -> _Response:
    current_app.logger.error("on %s: %s", request.endpoint, error)
    db.session.rollback()
    return error_page(
        503,
        _(
            "Something that is stored here cannot be opened with the keys that the program has. "
            "Nothing was changed. Tell an administrator."
        ),
    )


def _on_anything_else(error: Exception) -> _Response:
    if is_away(error):
        current_app.logger.error("the database is away: %s", error)
        db.session.remove()
        # The page is made for a visitor: who is signed in is in the database.
        g.database_is_away = True
        g.pop("_login_user", None)
        return *error_page(503), RETRY_AFTER
    current_app.logger.error("unexpected error on %s", request.endpoint, exc_info=error)
    db.session.rollback()
    return error_page(500)


def _texts(code: int) -> tuple[str, str]:
    texts = {
        400: (_("This could not be read"), _("Go back, check what you entered and send it again.")),
        403: (
            _("Not for this role"),
            _("Your role may not open this page. Ask an administrator if you need it."),
        ),
        404: (
            _("Nothing here"),
            _("There is nothing here under this address, or it is not yours to see."),
        ),
        405: (_("Not possible this way"), _("Go back and use the button on the page.")),
        409: (
            _("Changed meanwhile"),
            _(
                "Somebody changed this since you opened the page. "
                "Open it again and look before deciding."
            ),
        ),
        413: (
            _("Too large"),
            _(
                "Nothing was saved. A photograph or a paper may have 10 MB, a bank statement 5 MB. "
                "Go back to your form and send a smaller file: a photograph taken again with fewer "
                "pixels, a paper scanned in grey, a statement of fewer days."
            ),
        ),
        422: (_("Not possible"), _("A rule of the fund does not allow this. Nothing was changed.")),
        429: (_("Too many tries"), _("Nothing was changed. Try again later.")),
        503: (
            _("Closed for a moment"),
            _("The service is starting or repairing itself. Try again soon."),
        ),
    }
    unknown = (
        _("Something went wrong on our side"),
        _("Nothing was half-done. Try again; if it happens again, tell the fund's office."),
    )
    return texts.get(code, texts[400] if code < 500 else unknown)
