"""Who is signed in: Flask-Login with sessions as rows, so that any session can be ended.

The cookie holds a random token, the row its SHA-256. Flask's own signed session holds only form
tokens and flashed messages, and is cleared whenever somebody signs in or out.
"""

from datetime import timedelta

from flask import Flask, Request, current_app, g, request, session
from flask_login import LoginManager, current_user
from sqlalchemy.exc import DBAPIError
from werkzeug.wrappers import Response

from fundapp import clock
from fundapp.access.actors import VISITOR
from fundapp.access.current import current_actor
from fundapp.db import db, unit_of_work, unit_of_work_now
from fundapp.errors import BusyError
from fundapp.identity import operations, passwords
from fundapp.identity.models import User
from fundapp.identity.queries import OpenSession, find_open_session, find_user_by_email

#: ``last_seen_at`` is written at most this often, so a session may end so much early, never late.
TOUCH_EVERY = timedelta(minutes=1)

login_manager = LoginManager()
#: Flask-Login protects its signed cookie, which identifies nobody here.
login_manager.session_protection = None


def init_app(app: Flask) -> None:
    """Register the loader of users, and the note that a session is in use."""
    login_manager.init_app(app)
    app.before_request(keep_alive)


@login_manager.request_loader
def load_user(incoming: Request) -> User | None:
    """The person whose session the request's cookie names, or None."""
    token = incoming.cookies.get(current_app.config["SESSION_TOKEN_COOKIE"])
    can_look = not g.get("database_is_away")
    g.open_session = find_open_session(token) if token and can_look else None
    return g.open_session.user if g.open_session else None


def keep_alive() -> None:
    """Note that the visitor's session is in use, but for requests that need no database.

    A page that only reads is shown although the note cannot be written.
    """
    without_session = {"static", "web.healthz", "web.readyz"}
    if request.endpoint in without_session or not current_user.is_authenticated:
        return
    current: OpenSession = g.open_session
    if clock.now() - current.last_seen_at < TOUCH_EVERY:
        return
    try:
        unit_of_work_now(operations.touch_session, current.id, actor=current.user.as_actor())
    except (DBAPIError, BusyError, OSError):
        current_app.logger.exception("the use of a session could not be noted")


def signed_in_user() -> User:
    """The signed-in person as a row, not Flask-Login's proxy; only in views that are not public."""
    user: User = current_user._get_current_object()
    return user


def open_session_id() -> int | None:
    """The id of the request's session, or None."""
    current: OpenSession | None = g.get("open_session")
    return current.id if current else None


def authenticate(email: str, password: str) -> User | None:
    """The person with this address and password, or None; an unknown address takes as long.

    Writes failures to the trail, and hashes the password anew when the cost of hashes has changed.
    """
    user = find_user_by_email(email)
    is_verified = passwords.verify_password(user.password_hash if user else None, password)
    if user is None or not is_verified or not user.is_active:
        unit_of_work(operations.record_failed_sign_in, user, actor=VISITOR)
        return None
    if passwords.needs_rehash(user.password_hash):
        unit_of_work(operations.renew_hash, password=password, actor=user.as_actor())
    return user


def begin(user: User, response: Response) -> Response:
    """Sign ``user`` in: the cookie gets a new token, and the visitor's earlier session ends."""
    agent = request.user_agent.string
    old_token, old_actor = _presented_token(), current_actor()

    def rotate() -> str:
        if old_token:
            operations.close_session(old_token, actor=old_actor)
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
        # Lax, so that a donor who returns from a payment site is still signed in.
        samesite="Strict" if user.is_staff else "Lax",
    )
    return response


def end(response: Response) -> Response:
    """Sign the visitor out: end the session, remove the cookie, clear the form tokens."""
    token = _presented_token()
    if token:
        unit_of_work(operations.close_session, token, actor=current_actor())
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
