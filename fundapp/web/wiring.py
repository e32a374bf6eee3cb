"""Puts the shared parts of the web in force."""

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from fundapp.web import errors, filters, headers, hygiene, limits, locale, ui

csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Wire the shared parts into ``app``."""
    proxies = app.config["TRUSTED_PROXIES"]
    if proxies:
        # Only the stated number of hops is believed; anything further left is what a visitor wrote.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )
    hygiene.init_app(app)
    csrf.init_app(app)
    locale.init_app(app)
    filters.init_app(app)
    ui.init_app(app)
    limits.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
