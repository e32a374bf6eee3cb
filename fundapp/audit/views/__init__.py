"""Pages of the auditor's desk. Whoever opens one leaves a line in the trail."""

from fundapp.audit.views import checks, journal, statements
from fundapp.audit.views.doors import blueprint

__all__ = ["blueprint", "checks", "journal", "statements"]
