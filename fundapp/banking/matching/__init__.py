"""Lines of statements matched to payments, payouts and journal entries, or put aside."""
