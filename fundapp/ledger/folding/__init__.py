"""Folding sealed entries into sums behind the log, so that a posting costs nothing more."""
