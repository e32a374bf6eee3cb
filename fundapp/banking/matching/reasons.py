"""The reasons that a match keeps: message ids of `fundapp.banking.sentences.Sentence`."""

from fundapp.markers import N_

REFERENCE = N_("The text names reference %(reference)s.")
REFERENCE_ONE_OF = N_("The text names reference %(reference)s, but it names others too.")
EXACT = N_("The amount is exactly what is still to come.")
UP_TO = N_("The amount is exactly what is still to come up to this instalment.")
SHORT = N_("It is %(short_satang)s baht less than what is still to come.")
OVER = N_(
    "It is %(over_satang)s baht more than is still to come: "
    "the rest goes to the next instalments, or is a surplus."
)
SURPLUS = N_("This instalment is paid already: the money goes to the next one, or is a surplus.")
COMPLETED = N_("The pledge is fulfilled already, so this is a surplus.")
PAUSED = N_("The pledge is paused; money that names it still counts.")
CANCELLED = N_("The pledge was cancelled before this money came; money that names it still counts.")
LATE = N_("Late: it was due on %(due_on)s.")
NEAR = N_("Same amount, due within a week: on %(due_on)s.")
WIDE = N_("Same amount, due within a month: on %(due_on)s.")
PAYER = N_("The text names the payer.")
HISTORY = N_("The same payer gave before, last on %(given_on)s.")
RECORDED = N_("An officer recorded this amount already, on %(received_on)s.")
VOUCHER = N_("The text names voucher %(voucher)s.")
BANK_REFERENCE = N_("The text holds the bank's reference that was written on the payout.")
PAID_OUT = N_("Same amount, paid out on %(paid_on)s.")
MOVED = N_(
    "The books have this amount moved between this account and another of the fund on %(moved_on)s."
)
GIVEN_BACK = N_("The books have this amount as a refund of a gift, paid on %(paid_on)s.")
SENT_BACK = N_("The books have this amount as a refund that the bank sent back on %(paid_on)s.")
OWN_MONEY = N_("The fund's own money, moved from one of its accounts to another.")
OTHER_ACCOUNT = N_("The money of this fund is not kept in this account.")
RETURNED = N_("The books have this return of a gift on %(returned_on)s.")
CAME_BACK = N_("The books have this payment of help as come back on %(returned_on)s.")
SHARES_BACK = N_("The books have shares of a payment of help as come back on %(returned_on)s.")
SHARES_OF = N_("Shares of help paid with voucher %(voucher)s came back.")
COMEBACK_OF = N_("Help paid with voucher %(voucher)s came back.")
RETURNED_LATER = N_("The bank took it back later, which its own line says.")
RETURN_OF = N_("The return of the gift of %(received_on)s.")
CARD_PAYOUT = N_("The card processor paid this out; it says that it arrives on %(arrives_on)s.")
CHOSEN = N_("Chosen by hand.")
NEW_GIFT = N_("Recorded as a gift that nobody had promised.")
PART = N_("A part of a line that pays for several.")
LET_GO = N_("The difference of %(difference_satang)s baht was let go.")
LEFT_OVER = N_("%(difference_satang)s baht more than was due stay a gift to the fund.")
KNOWN_ALREADY = N_(
    "An officer recorded this amount for the same pledge on %(received_on)s, and no line is "
    "matched with that: is it the same money?"
)
OTHER_NAME = N_("The bank names somebody else than the giver.")
OTHER_LINE = N_("The line of %(booked_on)s is offered this first.")
SLIP_NAMES = N_("A slip names this transfer.")
SLIP_SENT = N_("A slip was sent for it on %(sent_on)s.")
SLIP_TWICE = N_("The same slip was sent for another gift as well.")
#: What a line does with the money that waits, by `operations.suspense.Waiting`.
WAITS = {
    "not_identified": N_("Nobody knows yet whose it is; the books let it wait."),
    "given_back": N_("Money that waited was given back to whoever sent it."),
    "interest_moved": N_("Interest was moved out of the account of zakat."),
}

#: What speaks against a match: with one of these it is offered, and never made by itself.
AGAINST = frozenset(
    {
        REFERENCE_ONE_OF, SHORT, OVER, SURPLUS, COMPLETED, PAUSED, CANCELLED, KNOWN_ALREADY,
        OTHER_NAME, OTHER_LINE, OTHER_ACCOUNT, SLIP_TWICE,
    }
)  # fmt: skip
