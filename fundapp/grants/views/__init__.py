"""Pages of grants."""

from fundapp.grants.views import duties, grants
from fundapp.grants.views.blueprint import blueprint

__all__ = ["blueprint", "duties", "grants"]
