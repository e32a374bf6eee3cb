"""Pages of matching: lines, what is done with them, transfers, payouts of the card processor."""

from fundapp.banking.matching.views import actions, card_payouts, lines, transfers

__all__ = ["actions", "card_payouts", "lines", "transfers"]
