"""Sets banking up: its template filters, and the bank accounts that pay pages show."""

from flask import Flask

from fundapp.banking import filters
from fundapp.banking.queries import list_accounts_to_pay_to
from fundapp.giving.payment_instructions import ACCOUNTS


def init_app(app: Flask) -> None:
    """Register the filters, and let `giving`, which may not import this package, list accounts."""
    filters.init_app(app)
    app.extensions[ACCOUNTS] = list_accounts_to_pay_to
