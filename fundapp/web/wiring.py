"""Registers the shared parts of the web."""

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from fundapp.web import (
    charts,
    compression,
    errors,
    filters,
    headers,
    limits,
    locale,
    request_checks,
    static_files,
)

csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Register the shared parts with ``app``."""
    proxies = app.config["TRUSTED_PROXIES"]
    if proxies:
        # Only this many entries of X-Forwarded-For come from our proxies; others may be forged.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )
    # The first to be registered: it comes last, when an answer is whole.
    compression.init_app(app)
    static_files.init_app(app)
    request_checks.init_app(app)
    csrf.init_app(app)
    locale.init_app(app)
    filters.init_app(app)
    charts.init_app(app)
    limits.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
