"""Every change of what the fund is given, split by noun. Operations run inside the caller's unit
of work.
"""

from fundapp.giving.drafts import IncomingPayment, PledgeTerms
from fundapp.giving.operations.donors import (
    claim_pledge,
    confirm_pledge,
    connect_donor,
    register_donor,
)
from fundapp.giving.operations.finding import send_pledge_address, send_pledge_addresses
from fundapp.giving.operations.merges import merge_donor, part_donor
from fundapp.giving.operations.older_gifts import import_older_gifts
from fundapp.giving.operations.payments import receive_payment, receive_payments
from fundapp.giving.operations.pledges import (
    cancel_pledge,
    change_pledge,
    extend_schedule,
    make_pledge,
    pause_pledge,
    resume_pledge,
)
from fundapp.giving.operations.returns import return_payment
from fundapp.giving.operations.reversals import reverse_payment

__all__ = [
    "IncomingPayment",
    "PledgeTerms",
    "cancel_pledge",
    "change_pledge",
    "claim_pledge",
    "confirm_pledge",
    "connect_donor",
    "extend_schedule",
    "import_older_gifts",
    "make_pledge",
    "merge_donor",
    "part_donor",
    "pause_pledge",
    "receive_payment",
    "receive_payments",
    "register_donor",
    "resume_pledge",
    "return_payment",
    "reverse_payment",
    "send_pledge_address",
    "send_pledge_addresses",
]
