"""Sets money out up: what `children` and `remarks` ask of it."""

from flask import Flask

from fundapp.children.withdrawals import TELL
from fundapp.disbursements.operations import erase_request_words, tell_of_withdrawal
from fundapp.remarks.erasers import ERASERS


def init_app(app: Flask) -> None:
    """Let packages that may not import this one tell of a withdrawn consent, and erase the words of
    requests.
    """
    app.extensions[TELL] = tell_of_withdrawal
    app.extensions.setdefault(ERASERS, {})["RQ"] = erase_request_words
