"""Pages of children's files. Whatever names somebody is read through an operation that records it;
no page is cached.
"""

from fundapp.children.casework import views as casework
from fundapp.children.handovers import views as handovers
from fundapp.children.imports import views as imports
from fundapp.children.views import (
    consents,
    corrections,
    duplicates,
    files,
    reads,
    registration,
)
from fundapp.children.views.blueprint import blueprint
from fundapp.children.visits import views as visits

__all__ = [
    "blueprint",
    "casework",
    "consents",
    "corrections",
    "duplicates",
    "files",
    "handovers",
    "imports",
    "reads",
    "registration",
    "visits",
]
