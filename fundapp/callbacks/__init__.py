"""Whether paid help arrived: payments called about at random, and overdue proofs of receipt."""
