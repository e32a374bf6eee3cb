"""Public pages: published figures, and the sealed log of the books."""

from fundapp.transparency.views import figures, log
from fundapp.transparency.views.blueprint import blueprint

__all__ = ["blueprint", "figures", "log"]
