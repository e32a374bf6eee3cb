"""Flask's signed session, which holds only form tokens and flashed messages, at no cost where the
request has none.
"""

import secrets
from functools import cache, lru_cache

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import URLSafeTimedSerializer

#: Where Flask-WTF keeps the token in the session, and the salt with which it signs it.
_FIELD, _SALT = "csrf_token", "wtf-csrf-token"


class FormSessions(SecureCookieSessionInterface):
    """Looks for a key only when there is something to check."""

    def __init__(self) -> None:
        # One for all requests: to make it takes a fifth as long as to sign.
        self.get_signing_serializer = cache(super().get_signing_serializer)  # type: ignore[method-assign]

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of the request's cookie; an empty one without a cookie."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep it; static files are the same for everybody, so they do not vary by cookie."""
        if request.endpoint != "static":
            super().save_session(app, session, response)

    def token_of(self, app: Flask, request: Request, response: Response) -> str:
        """The form token of whoever sent ``request``, as Flask-WTF makes it, outside of a request's
        context; ``response`` gets the cookie of a new session.
        """
        session = self.open_session(app, request) or self.session_class()
        if not isinstance(session.get(_FIELD), str):
            session[_FIELD] = secrets.token_hex(20)
        super().save_session(app, session, response)
        return str(_serializer(app.secret_key).dumps(session[_FIELD]))


@lru_cache(maxsize=4)
def _serializer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt=_SALT)


def init_app(app: Flask) -> None:
    """Keep sessions this way."""
    app.session_interface = FormSessions()
