"""Pages of matching: lines, what is done with them, and transfers."""

from fundapp.banking.matching.views import actions, lines, transfers

__all__ = ["actions", "lines", "transfers"]
