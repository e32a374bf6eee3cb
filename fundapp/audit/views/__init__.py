"""The pages for auditors. Opening one is written to the trail."""

from fundapp.audit.exceptions import views as exceptions
from fundapp.audit.findings import views as findings
from fundapp.audit.samples import views as samples
from fundapp.audit.statements import views as statements
from fundapp.audit.views import checks, journal, thread, trail
from fundapp.audit.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "checks",
    "exceptions",
    "findings",
    "journal",
    "samples",
    "statements",
    "thread",
    "trail",
]
