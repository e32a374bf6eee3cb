"""Pages of the auditor's desk. Whoever opens one leaves a line in the trail."""

from fundapp.audit.views import checks, journal, reports
from fundapp.audit.views.blueprint import blueprint

__all__ = ["blueprint", "checks", "journal", "reports"]
