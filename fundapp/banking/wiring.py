"""Sets banking up: its template filters, and what `giving` asks of it."""

from flask import Flask

from fundapp.banking import filters
from fundapp.banking.operations import undo_match_of_payment
from fundapp.banking.queries import list_accounts_to_pay_to
from fundapp.giving.payment_instructions import ACCOUNTS
from fundapp.giving.reversals import RELEASE


def init_app(app: Flask) -> None:
    """Register the filters, and let `giving`, which may not import this package, list accounts and
    undo the match of a payment that it reverses.
    """
    filters.init_app(app)
    app.extensions[ACCOUNTS] = list_accounts_to_pay_to
    app.extensions[RELEASE] = undo_match_of_payment
