"""Registers what of concerns two people decide, and how their words about a child are erased."""

from flask import Flask

from fundapp.children.child_words import WORDS
from fundapp.concerns.erasures import CONCERN_WORDS
from fundapp.concerns.kinds import KINDS
from fundapp.proposals.registry import register


def init_app(app: Flask) -> None:
    """Register the kind, and the words about children that are erased with a child's."""
    register(*KINDS)
    app.extensions.setdefault(WORDS, []).append(CONCERN_WORDS)
