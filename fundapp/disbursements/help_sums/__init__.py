"""What the books say of the help of each district: sums by day and month, folded behind the log,
and read together with what is not folded yet.
"""
