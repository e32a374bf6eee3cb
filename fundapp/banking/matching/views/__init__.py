"""Pages of matching: lines, what is done with them, slips, transfers, lists of givers, payouts."""

from fundapp.banking.matching.views import (
    actions,
    card_payouts,
    deposits,
    givers,
    lines,
    slips,
    transfers,
)

__all__ = ["actions", "card_payouts", "deposits", "givers", "lines", "slips", "transfers"]
