"""Bank reconciliation: the bank's balance against the books' balance of an account."""
