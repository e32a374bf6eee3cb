"""Sets remarks up: their template filters."""

from flask import Flask

from fundapp.remarks import filters


def init_app(app: Flask) -> None:
    """Register the filters."""
    filters.init_app(app)
