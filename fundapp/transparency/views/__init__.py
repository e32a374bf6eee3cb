"""Public pages: published figures, what gifts became, and the sealed log of the books."""

from fundapp.transparency.views import became, figures, log
from fundapp.transparency.views.blueprint import blueprint

__all__ = ["became", "blueprint", "figures", "log"]
