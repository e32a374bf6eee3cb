"""Who is signed in: Flask-Login over rows in the database, so that any session can be ended.

The cookie holds a random token, the row its SHA-256. Flask's own signed session carries nothing
but form tokens and flashed messages, and is emptied whenever somebody signs in or out.
"""

from datetime import timedelta

from flask import Flask, Request, current_app, g, request, session
from flask_login import LoginManager, current_user
from werkzeug.wrappers import Response

from fundapp import clock
from fundapp.access.actors import VISITOR
from fundapp.access.current import current_actor
from fundapp.db import db, unit_of_work
from fundapp.identity import operations, passwords
from fundapp.identity.models import User
from fundapp.identity.queries import OpenSession, find_open_session, find_user_by_email

#: ``last_seen_at`` is written no more often; so a session may end this much early, never late.
TOUCH_EVERY = timedelta(minutes=1)

login_manager = LoginManager()
login_manager.session_protection = (
    None  # sessions are rows here; the signed cookie identifies nobody
)


def init_app(app: Flask) -> None:
    """Ask our rows who is signed in, before anything else looks."""
    login_manager.init_app(app)
    app.before_request(keep_alive)


@login_manager.request_loader
def load_user(incoming: Request) -> User | None:
    """The person whose open session the request's cookie names, or None."""
    token = incoming.cookies.get(current_app.config["SESSION_TOKEN_COOKIE"])
    found = find_open_session(token) if token else None
    g.open_session = found
    return found.user if found else None


def keep_alive() -> None:
    """Note that the visitor's session is in use; files need no look at it."""
    if request.endpoint == "static" or not current_user.is_authenticated:
        return
    found: OpenSession = g.open_session
    if clock.now() - found.last_seen_at >= TOUCH_EVERY:
        unit_of_work(operations.touch_session, found.id, actor=found.user.as_actor())


def signed_in_user() -> User:
    """The signed-in person as a row, not the proxy; only in a view that is not public."""
    user: User = current_user._get_current_object()
    return user


def open_session_id() -> int | None:
    """The id of the session the request came with, or None."""
    found: OpenSession | None = g.get("open_session")
    return found.id if found else None


def authenticate(email: str, password: str) -> User | None:
    """The person with this address and password, or None; unknown addresses take as long.

    Writes failures to the trail, and renews a hash that was made at another cost.
    """
    user = find_user_by_email(email)
    right = passwords.verify_password(user.password_hash if user else None, password)
    if user is None or not right or not user.is_active:
        unit_of_work(operations.record_failed_sign_in, user, actor=VISITOR)
        return None
    if passwords.needs_rehash(user.password_hash):
        unit_of_work(operations.renew_hash, password=password, actor=user.as_actor())
    return user


def begin(user: User, response: Response) -> Response:
    """Sign ``user`` in: a new token in the cookie, whatever the visitor came with is over."""
    agent = request.user_agent.string
    presented, before = _presented_token(), current_actor()

    def rotate() -> str:
        if presented:
            operations.close_session(presented, actor=before)
        actor = db.session.get_one(User, user.id).as_actor()
        return operations.open_session(user_agent=agent, actor=actor)

    token = unit_of_work(rotate)
    session.clear()
    response.set_cookie(
        current_app.config["SESSION_TOKEN_COOKIE"],
        token,
        path="/",
        secure=current_app.config["SECURE"],
        httponly=True,
        # A donor comes back from paying elsewhere still signed in; staff never arrive from outside.
        samesite="Strict" if user.is_staff else "Lax",
    )
    return response


def end(response: Response) -> Response:
    """Sign the visitor out: the row is closed, the cookie removed, the form tokens forgotten."""
    presented = _presented_token()
    if presented:
        unit_of_work(operations.close_session, presented, actor=current_actor())
    session.clear()
    response.delete_cookie(
        current_app.config["SESSION_TOKEN_COOKIE"],
        path="/",
        secure=current_app.config["SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response


def _presented_token() -> str | None:
    return request.cookies.get(current_app.config["SESSION_TOKEN_COOKIE"])
