"""Pages of matching: lines, what is done with them, slips, transfers, card payouts."""

from fundapp.banking.matching.views import actions, card_payouts, lines, slips, transfers

__all__ = ["actions", "card_payouts", "lines", "slips", "transfers"]
