"""Every change of what the fund is given, split by noun. Operations run inside the caller's unit
of work.
"""

from fundapp.giving.drafts import IncomingPayment, PledgeTerms
from fundapp.giving.operations.card_payments import book_card_payment, book_card_payout
from fundapp.giving.operations.checkouts import (
    OPEN_FOR,
    begin_checkout,
    end_checkout,
    mark_handled,
    note_session,
    store_notice,
)
from fundapp.giving.operations.donors import (
    claim_pledge,
    confirm_pledge,
    connect_donor,
    register_donor,
)
from fundapp.giving.operations.finding import send_pledge_address, send_pledge_addresses
from fundapp.giving.operations.merges import merge_donor, part_donor
from fundapp.giving.operations.office_refunds import cancel_office_refund
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
from fundapp.giving.operations.refund_payments import (
    enter_refund_account,
    pay_refund,
    undo_refund_payment,
    verify_refund_account,
)
from fundapp.giving.operations.refund_requests import (
    ask_for_refund,
    refuse_refund_request,
    withdraw_refund_request,
)
from fundapp.giving.operations.refunds import order_refund, refuse_refund
from fundapp.giving.operations.returns import return_payment
from fundapp.giving.operations.reversals import reverse_payment
from fundapp.giving.operations.saved_cards import begin_charge, note_refusal, stop_card

__all__ = [
    "OPEN_FOR",
    "IncomingPayment",
    "PledgeTerms",
    "ask_for_refund",
    "begin_charge",
    "begin_checkout",
    "book_card_payment",
    "book_card_payout",
    "cancel_office_refund",
    "cancel_pledge",
    "change_pledge",
    "claim_pledge",
    "confirm_pledge",
    "connect_donor",
    "end_checkout",
    "enter_refund_account",
    "extend_schedule",
    "import_older_gifts",
    "make_pledge",
    "mark_handled",
    "merge_donor",
    "note_refusal",
    "note_session",
    "order_refund",
    "part_donor",
    "pause_pledge",
    "pay_refund",
    "receive_payment",
    "receive_payments",
    "refuse_refund",
    "refuse_refund_request",
    "register_donor",
    "resume_pledge",
    "return_payment",
    "reverse_payment",
    "send_pledge_address",
    "send_pledge_addresses",
    "stop_card",
    "store_notice",
    "undo_refund_payment",
    "verify_refund_account",
    "withdraw_refund_request",
]
