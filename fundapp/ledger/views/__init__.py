"""Pages of the settings that two people change: funds and months."""

from fundapp.ledger.views import funds, periods, settings
from fundapp.ledger.views.blueprint import blueprint

__all__ = ["blueprint", "funds", "periods", "settings"]
