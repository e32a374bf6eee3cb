"""Notices of the card processor in a storm, at a real server of two workers: `make storm`.

`world` makes what happened at the processor and what the books must say of it, `deliveries` tells
of it, shuffled and in part twice, `books` reads what the server booked.
"""

from tests.storm.run import Result, storm

__all__ = ["Result", "storm"]
