"""Registers the shared parts of the web."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from fundapp.web import (
    answers_before,
    charts,
    compression,
    errors,
    filters,
    form_sessions,
    headers,
    limits,
    locale,
    request_checks,
    static_files,
)


def init_app(app: Flask) -> None:
    """Register the shared parts with ``app``."""
    # The first to be registered come last, when an answer is whole.
    answers_before.init_app(app)
    compression.init_app(app)
    proxies = app.config["TRUSTED_PROXIES"]
    if proxies:
        # Only this many entries of X-Forwarded-For come from our proxies; others may be forged.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )
    form_sessions.init_app(app)
    static_files.init_app(app)
    request_checks.init_app(app)
    locale.init_app(app)
    filters.init_app(app)
    charts.init_app(app)
    limits.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
