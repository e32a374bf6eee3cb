"""Public pages: published figures, what gifts became, and the sealed log of the books; and the
setting that says to whom its checkpoints are mailed.
"""

from fundapp.transparency.views import (
    became,
    figures,
    holders,
    log,
    public_ledger,
    receipt_check,
)
from fundapp.transparency.views.blueprint import blueprint

__all__ = [
    "became", "blueprint", "figures", "holders", "log", "public_ledger", "receipt_check",
]  # fmt: skip
