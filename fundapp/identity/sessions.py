"""Who is signed in: Flask-Login with sessions as rows, so that any session can be ended.

The cookie holds a random token, the row its SHA-256. Flask's own signed session holds only form
tokens and flashed messages, and is cleared whenever somebody signs in or out.

Somebody of the staff whose password was right has a session, but is signed in only after a second
factor was proved in it: until then every page but those of the second factor sees a visitor.
"""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask, Request, after_this_request, current_app, g, request, session
from flask_login import LoginManager, current_user
from sqlalchemy.exc import DBAPIError
from werkzeug.wrappers import Response

from fundapp import clock
from fundapp.access.actors import VISITOR, Actor
from fundapp.access.current import current_actor
from fundapp.db import db, unit_of_work, unit_of_work_now
from fundapp.db.instants import behind
from fundapp.email_addresses import comparable_email
from fundapp.errors import BusyError, DomainError, ForbiddenError
from fundapp.identity import operations, passkeys, passwords, tries
from fundapp.identity.drafts import FactorAnswer, PasskeyContext
from fundapp.identity.errors import FactorClockError, WrongFactorError
from fundapp.identity.forms import FactorForm
from fundapp.identity.models import User
from fundapp.identity.queries import (
    Factors,
    OpenSession,
    find_open_session,
    find_user_by_email,
)

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
    found = find_open_session(token) if token and can_look else None
    is_proved = found is not None and found.is_proved
    g.open_session, g.unproved_session = (found, None) if is_proved else (None, found)
    return found.user if found is not None and is_proved else None


def keep_alive() -> None:
    """Note that the visitor's session is in use, but for requests that need no database.

    A page that only reads is shown although the note cannot be written.
    """
    without_session = {"static", "web.healthz", "web.readyz"}
    if request.endpoint in without_session or _presented_token() is None:
        return
    if not current_user.is_authenticated:
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


def unproved_session() -> OpenSession | None:
    """The request's session in which the password was right and no second factor was proved yet."""
    if current_user.is_authenticated:
        return None
    current: OpenSession | None = g.get("unproved_session")
    return current


def own_session() -> OpenSession:
    """The request's session, proved or not; only in views of second factors."""
    current: OpenSession | None = unproved_session() or g.get("open_session")
    if current is None:
        raise ForbiddenError
    return current


def passkey_context() -> PasskeyContext:
    """What a passkey of this request's session answers to.

    In service that is the address people use; a demo is opened under several names of one machine.
    """
    config = current_app.config
    url = urlsplit(request.host_url if config["DEMO"] else str(config["PUBLIC_URL"]))
    origin = f"{url.scheme}://{url.netloc}"
    return PasskeyContext(
        url.hostname or "", origin, passkeys.challenge_of(_presented_token() or "")
    )


def factor_answer(form: FactorForm) -> FactorAnswer:
    """The second factor that a form brings."""
    return FactorAnswer(
        form.factor_code.data or "", form.factor_passkey.data or "", passkey_context()
    )


def refuse_factor(form: FactorForm, refusal: DomainError) -> None:
    """Say on the form what is wrong with the second factor, and forget what was typed."""
    form.factor_code.raw_data, form.factor_code.data = None, ""
    form.factor_passkey.data = ""
    form.refuse(refusal)


def passkey_options(factors: Factors) -> str:
    """What the browser is asked to prove a passkey with, as JSON; empty where it cannot."""
    context = passkey_context()
    if not factors.passkeys or not context.is_possible:
        return ""
    return passkeys.request_options(factors.passkeys, context)


def authenticate(email: str, password: str) -> User | None:
    """The person with this address and password, or None; an unknown address takes as long.

    Writes failures to the trail, and hashes the password anew when the cost of hashes has changed.
    """
    user = find_user_by_email(email)
    stored = user.password_hash if user else None
    is_verified = passwords.verify_password(stored, password)
    if user is None or stored is None or not is_verified or not user.is_active:
        unit_of_work(operations.record_failed_sign_in, user, actor=VISITOR)
        return None
    if passwords.needs_rehash(stored):
        unit_of_work(operations.renew_hash, password=password, actor=user.as_actor())
    return user


def begin(user: User, response: Response) -> Response:
    """Begin a session of ``user``, whose password was right: the cookie gets a new token, and the
    visitor's earlier session ends.
    """
    agent = request.user_agent.string
    old_token, old_actor = _presented_token(), _session_actor()

    def rotate() -> str:
        if old_token:
            operations.close_session(old_token, actor=old_actor)
        actor = db.session.get_one(User, user.id).as_actor()
        return operations.open_session(user_agent=agent, actor=actor)

    token = unit_of_work(rotate)
    _forget_form_tokens()
    g.pop("renewed_token", None)
    _set_cookie(response, token, is_staff=user.is_staff)
    return response


def prove(answer: FactorAnswer) -> DomainError | None:
    """Check a second factor in the request's session, in whichever step that is; None when it is
    right: the answer to the request then carries a new token, and the old one opens nothing any
    more. Else why not: WrongFactorError or FactorClockError, which is written to the trail, or
    TooManyTriesError.
    """
    current = own_session()
    actor = current.user.as_actor()
    account = comparable_email(current.user.email)
    refusal = tries.find_factor_refusal(actor.ref, account)
    if refusal is not None:
        return refusal
    token = unit_of_work(operations.prove_factor, answer=answer, session_id=current.id, actor=actor)
    if token is None:
        unit_of_work(
            operations.record_refused_factor, note=f"wrong {request.endpoint}", actor=actor
        )
        return find_clock_error() or WrongFactorError(field="factor_code")
    tries.give_factor_try_back(actor.ref, account)
    renew(token)
    return None


def find_clock_error() -> FactorClockError | None:
    """That the clock of the server is behind, which makes every code of an app wrong."""
    late = behind(db.session.connection())
    if late is None:
        return None
    return FactorClockError(field="factor_code", params={"minutes": late // timedelta(minutes=1)})


def renew(token: str) -> None:
    """Let the answer to this request carry the new token of its session.

    When a second factor was proved in it for the first time, the person is signed in from here on.
    """
    current = own_session()
    if not current.is_proved:
        _forget_form_tokens()
        g._login_user = current.user
    g.renewed_token = token
    g.open_session, g.unproved_session = replace(current, factor_at=clock.now()), None
    is_staff = current.user.is_staff

    @after_this_request
    def send(response: Response) -> Response:
        """Set the cookie, unless the view ended or began a session meanwhile."""
        if g.get("renewed_token") == token:
            _set_cookie(response, token, is_staff=is_staff)
        return response


def end(response: Response) -> Response:
    """Sign the visitor out: end the session, remove the cookie, clear the form tokens."""
    token = _presented_token()
    if token:
        unit_of_work(operations.close_session, token, actor=_session_actor())
    _forget_form_tokens()
    g.pop("renewed_token", None)
    response.delete_cookie(
        current_app.config["SESSION_TOKEN_COOKIE"],
        path="/",
        secure=current_app.config["SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response


def _forget_form_tokens() -> None:
    """Forms of before do not count after somebody has signed in or out."""
    session.clear()
    g.pop("csrf_token", None)


def _set_cookie(response: Response, token: str, *, is_staff: bool) -> None:
    response.set_cookie(
        current_app.config["SESSION_TOKEN_COOKIE"],
        token,
        path="/",
        secure=current_app.config["SECURE"],
        httponly=True,
        # Lax, so that a donor who returns from a payment site is still signed in.
        samesite="Strict" if is_staff else "Lax",
    )


def _presented_token() -> str | None:
    """The token of the request's session, which may be newer than the one that was sent."""
    renewed: str | None = g.get("renewed_token")
    return renewed or request.cookies.get(current_app.config["SESSION_TOKEN_COOKIE"])


def _session_actor() -> Actor:
    """Whose session the request's is, proved or not."""
    unproved = unproved_session()
    return unproved.user.as_actor() if unproved else current_actor()
