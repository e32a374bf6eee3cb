"""Pages of banking: statements, lines and their matches, the bank proof."""

from fundapp.banking.views import lines, proof, statements
from fundapp.banking.views.blueprint import blueprint

__all__ = ["blueprint", "lines", "proof", "statements"]
