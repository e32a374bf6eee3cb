"""Pages of agencies and referrals, split by noun."""

from fundapp.agencies.views import referrals, register
from fundapp.agencies.views.blueprint import blueprint

__all__ = ["blueprint", "referrals", "register"]
