"""What the books say of each campaign: its postings and their sums by month, folded behind the log
so that a gift costs nothing more, and read together with what is not folded yet.
"""
