"""Flask's signed session, which holds only form tokens and flashed messages, at no cost where the
request has none.
"""

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin


class FormSessions(SecureCookieSessionInterface):
    """Looks for a key only when there is something to check."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of the request's cookie; an empty one without a cookie."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep it; static files are the same for everybody, so they do not vary by cookie."""
        if request.endpoint != "static":
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Keep sessions this way."""
    app.session_interface = FormSessions()
