"""Who may do what in giving, and rules of giving that need no database (pure)."""

from collections.abc import Sequence
from datetime import date

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.giving.models import (
    Donor,
    DonorKind,
    Instalment,
    InstalmentState,
    Method,
    Payment,
    Pledge,
    PledgeStatus,
)
from fundapp.ledger import chart
from fundapp.ledger.models import AccountUse, Fund

#: How the external reference of what came through the card processor begins.
PROCESSOR_REF = "processor:"
#: Satang that the card processor takes at a time.
LEAST_BY_CARD, MOST_BY_CARD = 1_000, 99_999_999
#: Bodies, which are no persons: such a one gives grants.
ORGANISATIONS = frozenset({DonorKind.COMPANY, DonorKind.AGENCY, DonorKind.MOSQUE, DonorKind.SCHOOL})


def may_make_pledge(actor: Actor) -> bool:
    """Whether the actor may pledge: everybody who gives, signed in or not; the two people who let a
    grant start, for the grantor.
    """
    return actor.can_any(Permission.PLEDGE_MAKE, Permission.GRANT_START)


def is_organisation(donor: Donor) -> bool:
    """Whether the donor is a body, not a person."""
    return donor.kind in ORGANISATIONS


def may_change_pledge(actor: Actor) -> bool:
    """Whether the actor may change, pause, resume or cancel the pledges whose token it knows."""
    return actor.can(Permission.PLEDGE_CHANGE)


def may_change_for_donor(actor: Actor) -> bool:
    """Whether the actor may enter and change pledges for donors, with a reason."""
    return actor.can(Permission.PAYMENT_RECORD)


def may_ask_for_addresses(actor: Actor) -> bool:
    """Whether the actor may have the addresses of pledges sent to the mailbox of their donor."""
    return actor.can(Permission.PLEDGE_CHANGE)


def may_extend_schedule(actor: Actor) -> bool:
    """Whether the actor may give open-ended pledges their next instalments."""
    return actor.can(Permission.PLEDGE_EXTEND)


def may_record_payment(actor: Actor) -> bool:
    """Whether the actor may record and reverse payments: by hand, from a bank statement, or what
    two people keep of a gift when the rest is given back.
    """
    return actor.can_any(
        Permission.PAYMENT_RECORD, Permission.STATEMENT_MATCH, Permission.REFUND_ORDER
    )


def may_book_card_payment(actor: Actor) -> bool:
    """Whether the actor may book what the card processor says has happened."""
    return actor.can(Permission.CARD_PAYMENT_BOOK)


def may_order_refund(actor: Actor) -> bool:
    """Whether the actor may have a card payment given back: two people together."""
    return actor.can(Permission.REFUND_ORDER)


def may_ask_for_refund(actor: Actor) -> bool:
    """Whether the actor may ask to have a gift back whose receipt is the actor's own, and say where
    the money goes: everybody who gives.
    """
    return actor.can(Permission.PLEDGE_CHANGE)


def may_refuse_refund(actor: Actor) -> bool:
    """Whether the actor may refuse what a donor asked for, or make what was confirmed a gift again:
    the money stays in the fund.
    """
    return actor.can(Permission.REFUND_PAY)


def may_enter_refund_account(actor: Actor) -> bool:
    """Whether the actor may write down to which account a refund goes: the giver or the office."""
    return actor.can_any(Permission.PLEDGE_CHANGE, Permission.REFUND_VERIFY)


def may_verify_refund_account(actor: Actor) -> bool:
    """Whether the actor may confirm that an account is the giver's."""
    return actor.can(Permission.REFUND_VERIFY)


def may_pay_refund(actor: Actor) -> bool:
    """Whether the actor may record that a refund was paid, or came back."""
    return actor.can(Permission.REFUND_PAY)


def may_issue_receipt(actor: Actor) -> bool:
    """Whether the actor may number, issue and void receipts: whoever writes payments."""
    return may_record_payment(actor) or may_import_older_gifts(actor)


def may_read_receipts(actor: Actor) -> bool:
    """Whether the actor may read everything on anybody's receipt."""
    return actor.can(Permission.PAYMENT_READ)


def may_make_receipt_pdf(actor: Actor) -> bool:
    """Whether the actor may make the PDF of a receipt that it may read: whoever gives, and who
    issues receipts.
    """
    return actor.can(Permission.PLEDGE_CHANGE) or may_issue_receipt(actor)


def may_replace_receipt(actor: Actor) -> bool:
    """Whether the actor may replace a receipt that says something wrong."""
    return actor.can(Permission.PAYMENT_RECORD)


def may_print_receipt(actor: Actor) -> bool:
    """Whether the actor may print receipts for the office."""
    return actor.can(Permission.PAYMENT_RECORD)


def may_set_tax_details(actor: Actor) -> bool:
    """Whether the actor may write down the address and tax number of a donor."""
    return actor.can(Permission.PAYMENT_RECORD)


def may_enter_e_donations(actor: Actor) -> bool:
    """Whether the actor may note what is in the e-Donation system."""
    return actor.can(Permission.PAYMENT_RECORD)


def may_import_older_gifts(actor: Actor) -> bool:
    """Whether the actor may take over the gifts of older books."""
    return actor.can_any(Permission.OLDER_BOOKS_IMPORT, Permission.DONOR_IMPORT)


def may_import_donors(actor: Actor) -> bool:
    """Whether the actor may take over donors, past gifts and pledges from spreadsheets."""
    return actor.can(Permission.DONOR_IMPORT)


def may_tidy_donors(actor: Actor) -> bool:
    """Whether the actor may remove uploads that have expired, and compute how names sound."""
    return actor.can_any(Permission.DONOR_IMPORT, Permission.DONOR_TIDY)


def may_tag_donors(actor: Actor) -> bool:
    """Whether the actor may say what a donor is, and under which words it is gathered."""
    return actor.can(Permission.PAYMENT_RECORD)


def may_register_donor(actor: Actor) -> bool:
    """Whether the actor may register donors: whoever writes pledges or payments."""
    return may_make_pledge(actor) or may_issue_receipt(actor)


def may_confirm_pledge(actor: Actor) -> bool:
    """Whether the actor may have a pledge shown in its own account: whoever signs in and gives."""
    return actor.user_id is not None and actor.can(Permission.PLEDGE_CHANGE)


def may_merge_donors(actor: Actor) -> bool:
    """Whether the actor may say that two rows are one donor."""
    return actor.can(Permission.PAYMENT_RECORD)


def is_mergeable(donor: Donor, other: Donor) -> bool:
    """Whether ``donor`` can be merged into ``other``, as far as their own rows say: both are known,
    and an account stays with the file that remains.
    """
    are_known = not donor.is_unknown and not other.is_unknown and donor.id != other.id
    return are_known and donor.user_id is None


def may_connect_donor(actor: Actor) -> bool:
    """Whether the actor may connect a donor with a user account."""
    return actor.can(Permission.PAYMENT_RECORD)


def instalment_state(instalment: Instalment, status: PledgeStatus, today: date) -> InstalmentState:
    """The state of an instalment of a pledge in ``status``; a paused pledge is never overdue."""
    if instalment.open_satang == 0:
        is_written_off = instalment.let_go_satang == instalment.amount_satang
        return InstalmentState.WRITTEN_OFF if is_written_off else InstalmentState.PAID
    if status is PledgeStatus.PAUSED:
        return InstalmentState.ON_HOLD
    if status is PledgeStatus.CANCELLED:
        return InstalmentState.STOPPED
    if instalment.due_on < today:
        return InstalmentState.OVERDUE
    if instalment.paid_satang:
        return InstalmentState.PART_PAID
    return InstalmentState.DUE if instalment.due_on == today else InstalmentState.UPCOMING


def is_late_payment(instalment: Instalment, status: PledgeStatus, received_on: date) -> bool:
    """Whether money received on ``received_on`` came after the due date, or for a pledge that is
    cancelled.
    """
    return status is PledgeStatus.CANCELLED or received_on > instalment.due_on


def income_account(fund: Fund, donor: Donor) -> str:
    """The income account of a gift: the fund's own, else by what the donor is."""
    if fund.income_account_code is not None:
        return fund.income_account_code
    if is_organisation(donor):
        return chart.DONATIONS_ORGANISATIONS
    return chart.DONATIONS_INDIVIDUALS


def asset_accounts(fund: Fund, method: Method) -> list[str]:
    """Where money of ``fund`` that an officer records may be kept: cash in its cash boxes, all else
    in its bank accounts.
    """
    return fund.account_codes(AccountUse.CASH if method is Method.CASH else AccountUse.BANK)


def shared_accounts(funds: Sequence[Fund], method: Method) -> list[str]:
    """The accounts of `asset_accounts` that the money of all these funds may be kept in."""
    first, *others = (asset_accounts(fund, method) for fund in funds)
    return [code for code in first if all(code in codes for codes in others)]


def takes_cards(pledge: Pledge) -> bool:
    """Whether the money of a pledge may lie at the card processor and where it pays out; what is
    divided over several funds may not, as the movements there are each of one fund.
    """
    fund = pledge.fund
    keeps = fund.keeps_in(chart.CARD_PROCESSOR) and fund.keeps_in(chart.BANK_MAIN)
    return keeps and not pledge.is_split


def may_be_paid_by_card(instalment: Instalment, pledge: Pledge) -> bool:
    """Whether the card processor takes what is open of the instalment."""
    return takes_cards(pledge) and LEAST_BY_CARD <= instalment.open_satang <= MOST_BY_CARD


def is_of_processor(payment: Payment) -> bool:
    """Whether the payment came through the card processor."""
    return (payment.external_ref or "").startswith(PROCESSOR_REF)


def intent_of(payment: Payment) -> str:
    """The payment at the card processor of one that came through it."""
    return (payment.external_ref or "").removeprefix(PROCESSOR_REF).partition(":")[0]


def refund_subject(payment: Payment) -> str:
    """What a refund gives back, of which one is on its way at a time: the payment at the processor,
    or the payment itself.
    """
    return intent_of(payment) if is_of_processor(payment) else f"payment:{payment.public_id}"


def is_returnable(method: Method) -> bool:
    """Whether a bank can take a payment back that came like this."""
    return method is not Method.CASH


def version_of(pledge: Pledge) -> str:
    """The version of a pledge's terms, for optimistic locking: it changes with the amount, the
    first due date, how often and how many.
    """
    terms = (pledge.amount_satang, pledge.starts_on, pledge.frequency, pledge.instalment_count)
    return "-".join(map(str, terms))
