"""Pages of grants."""

from fundapp.grants.views import amendments, duties, grants
from fundapp.grants.views.blueprint import blueprint

__all__ = ["amendments", "blueprint", "duties", "grants"]
