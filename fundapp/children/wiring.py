"""Sets children up: what `remarks` asks of them."""

from flask import Flask

from fundapp.children.casework.erasures import CASEWORK_WORDS
from fundapp.children.child_words import WORDS
from fundapp.children.operations.erasures import erase_child_words, plan_erasure
from fundapp.children.queries.erasures import EVENT, find_written
from fundapp.remarks.erasers import ERASERS, Eraser


def init_app(app: Flask) -> None:
    """Let `remarks`, which may not import this package, erase the words on a child by its code."""
    eraser = Eraser(plan_erasure, erase_child_words, EVENT, find_written)
    app.extensions.setdefault(ERASERS, {})["C-"] = eraser
    app.extensions.setdefault(WORDS, []).extend(CASEWORK_WORDS)
