"""What is done with batches of payouts."""

from fundapp.payouts.operations.batches import (
    make_batch,
    release_batch,
    take_file,
    take_out_stopped,
    withdraw_batch,
)
from fundapp.payouts.operations.results import record_told, tell_results

__all__ = [
    "make_batch",
    "record_told",
    "release_batch",
    "take_file",
    "take_out_stopped",
    "tell_results",
    "withdraw_batch",
]
