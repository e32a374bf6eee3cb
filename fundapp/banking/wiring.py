"""Sets banking up: its template filters, and what `giving` asks of it."""

from flask import Flask

from fundapp.banking import filters, kinds
from fundapp.banking.operations import undo_match_of_payment
from fundapp.banking.queries import list_accounts_to_pay_to
from fundapp.giving.payment_instructions import ACCOUNTS
from fundapp.giving.reversals import RELEASE
from fundapp.proposals.registry import register


def init_app(app: Flask) -> None:
    """Register the filters and the kinds of proposals, and let `giving`, which may not import this
    package, list accounts and undo the match of a payment that it reverses.
    """
    filters.init_app(app)
    register(*kinds.KINDS)
    app.extensions[ACCOUNTS] = list_accounts_to_pay_to
    app.extensions[RELEASE] = undo_match_of_payment
