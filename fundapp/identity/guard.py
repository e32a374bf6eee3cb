"""Checks every request against the mark of its view, before the view runs, and records what was
refused.
"""

from urllib.parse import urlsplit

from flask import Flask, abort, current_app, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from fundapp.access.current import current_actor
from fundapp.access.marks import PUBLIC, access_of, asks_fresh_factor
from fundapp.access.permissions import Permission
from fundapp.db import unit_of_reading
from fundapp.errors import BusyError, ForbiddenError, TooManyTriesError
from fundapp.identity import fresh_factor, sessions
from fundapp.identity.queries import OpenSession, find_factors
from fundapp.trail.operations import record_event
from fundapp.web.downloads import wanted_file
from fundapp.web.forms import Answer
from fundapp.web.limits import take_try


def check_access() -> Answer | None:
    """Before each request: allow it, redirect to sign-in or to the second factor, or refuse it."""
    if request.endpoint is None:
        return None
    access = access_of(current_app, request.endpoint)
    if access == PUBLIC:
        return None
    if access is None:
        abort(403)
    if not current_user.is_authenticated:
        unproved = sessions.unproved_session()
        return _to_second_factor(unproved, access) if unproved else _redirect_to_sign_in()
    if not current_user.can(Permission(access)):
        raise ForbiddenError
    if asks_fresh_factor(current_app, request.endpoint, as_file=wanted_file() is not None):
        return fresh_factor.demand()
    return None


def _to_second_factor(unproved: OpenSession, access: str) -> Response | None:
    """Whose password was right gives the second factor, or sets one up, and does nothing else."""
    if find_factors(unproved.user.id).count:
        target = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("identity.factor", next=target))
    return None if access == Permission.FACTOR_SET_UP else redirect(url_for("identity.set_up"))


def record_refusal(response: Response) -> Response:
    """After each request: write what the rules refused to a person into the trail, which page and
    why; up to a limit, so that nobody fills it.
    """
    reason = g.pop("refusal", None)
    if reason is None or request.endpoint is None or not current_user.is_authenticated:
        return response
    try:
        take_try("LIMIT_REFUSALS", current_user.public_id)
    except (TooManyTriesError, BusyError):
        return response
    unit_of_reading(
        record_event,
        "identity:request:refuse",
        actor=current_actor(),
        subject_type="page",
        subject_ref=request.endpoint,
        note=reason,
    )
    return response


def _redirect_to_sign_in() -> Response:
    """To the sign-in page, which leads back to the page, or to the page that the form was on."""
    target = request.full_path.rstrip("?")
    if request.method != "GET":
        flash(
            _("You are not signed in any more, so nothing was saved. Sign in and fill in again."),
            "warning",
        )
        target = urlsplit(request.referrer or "").path
    return redirect(url_for("identity.sign_in", next=target or None))


def init_app(app: Flask) -> None:
    """Check every request."""
    app.before_request(check_access)
    app.after_request(record_refusal)
