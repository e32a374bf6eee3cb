"""The pages for auditors. Opening one is written to the trail."""

from fundapp.audit.closing import views as closing
from fundapp.audit.exceptions import views as exceptions
from fundapp.audit.findings import views as findings
from fundapp.audit.letters import views as letters
from fundapp.audit.packs import views as packs
from fundapp.audit.samples import views as samples
from fundapp.audit.statements import views as statements
from fundapp.audit.views import checks, journal, thread, trail
from fundapp.audit.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "checks",
    "closing",
    "exceptions",
    "findings",
    "journal",
    "letters",
    "packs",
    "samples",
    "statements",
    "thread",
    "trail",
]
