"""Tells the pay pages which accounts there are."""

from flask import Flask

from fundapp.banking.queries import list_accounts_to_pay_to
from fundapp.giving.payment_instructions import ACCOUNTS


def init_app(app: Flask) -> None:
    """Let giving, which lies below, list the accounts."""
    app.extensions[ACCOUNTS] = list_accounts_to_pay_to
