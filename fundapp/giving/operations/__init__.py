"""Every change of what the fund is given, split by noun. Operations run inside the caller's unit
of work.
"""

from fundapp.giving.operations.donors import connect_donor, register_donor
from fundapp.giving.operations.older_gifts import import_older_gifts
from fundapp.giving.operations.payments import IncomingPayment, receive_payment, reverse_payment
from fundapp.giving.operations.pledges import (
    PledgeTerms,
    cancel_pledge,
    change_pledge,
    extend_schedule,
    make_pledge,
    pause_pledge,
    resume_pledge,
)
from fundapp.giving.receipts.operations import ReceiptNumber, take_number

__all__ = [
    "IncomingPayment",
    "PledgeTerms",
    "ReceiptNumber",
    "cancel_pledge",
    "change_pledge",
    "connect_donor",
    "extend_schedule",
    "import_older_gifts",
    "make_pledge",
    "pause_pledge",
    "receive_payment",
    "register_donor",
    "resume_pledge",
    "reverse_payment",
    "take_number",
]
