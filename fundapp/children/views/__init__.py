"""Pages of children's files. Whatever names somebody is read through an operation that records it;
no page is cached.
"""

from fundapp.children.views import (
    consents,
    corrections,
    duplicates,
    files,
    reads,
    registration,
)
from fundapp.children.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "consents",
    "corrections",
    "duplicates",
    "files",
    "reads",
    "registration",
]
