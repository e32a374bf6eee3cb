"""Every change of what the fund is given, split by noun. Operations run inside the caller's unit
of work.
"""

from fundapp.giving.drafts import IncomingPayment, PledgeTerms
from fundapp.giving.operations.card_payments import book_card_payment, book_card_payout
from fundapp.giving.operations.changes import (
    cancel_pledge,
    change_pledge,
    pause_pledge,
    resume_pledge,
    take_write_off_back,
    write_off_instalment,
)
from fundapp.giving.operations.checkouts import (
    OPEN_FOR,
    begin_checkout,
    end_checkout,
    mark_handled,
    note_session,
    store_notice,
)
from fundapp.giving.operations.donors import (
    change_email,
    claim_pledge,
    confirm_pledge,
    connect_donor,
    describe_donor,
    register_donor,
    write_sounds,
)
from fundapp.giving.operations.finding import send_pledge_address, send_pledge_addresses
from fundapp.giving.operations.gift_names import show_gift_name, show_pledge_name
from fundapp.giving.operations.merges import merge_donor, part_donor, tell_apart
from fundapp.giving.operations.office_refunds import cancel_office_refund
from fundapp.giving.operations.older_gifts import import_older_gifts
from fundapp.giving.operations.paper_pledges import enter_pledge, file_paper
from fundapp.giving.operations.payments import receive_payment, receive_payments
from fundapp.giving.operations.pledges import extend_schedule, make_pledge, make_pledges
from fundapp.giving.operations.refund_payments import (
    enter_refund_account,
    file_refund_voucher,
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
    "change_email",
    "change_pledge",
    "claim_pledge",
    "confirm_pledge",
    "connect_donor",
    "describe_donor",
    "end_checkout",
    "enter_pledge",
    "enter_refund_account",
    "extend_schedule",
    "file_paper",
    "file_refund_voucher",
    "import_older_gifts",
    "make_pledge",
    "make_pledges",
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
    "show_gift_name",
    "show_pledge_name",
    "stop_card",
    "store_notice",
    "take_write_off_back",
    "tell_apart",
    "undo_refund_payment",
    "verify_refund_account",
    "withdraw_refund_request",
    "write_off_instalment",
    "write_sounds",
]
