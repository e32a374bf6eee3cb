"""Sets banking up: its template filters, and what `giving` and `remarks` ask of it."""

from flask import Flask

from fundapp.banking import filters, kinds
from fundapp.banking.matching.operations.erasures import erase_line_words, plan_erasure
from fundapp.banking.matching.queries.erasures import ERASED, SUBJECT_TYPE, find_written
from fundapp.banking.matching.queries.matches import find_day_of_entry, find_matched_payments
from fundapp.banking.models import LINE_PREFIX
from fundapp.banking.operations import undo_match_of_payment
from fundapp.banking.queries import list_accounts_to_pay_to
from fundapp.banking.reconciliation.exports import reconciliation_lines, reconciliation_remarks
from fundapp.giving.payment_instructions import ACCOUNTS
from fundapp.giving.reversals import RELEASE, SEEN_IN_BANK, SHOWN_BY_BANK
from fundapp.ledger.exports import add_remarks
from fundapp.ledger.log.bundle import add_to_bundle
from fundapp.proposals.registry import register
from fundapp.remarks.erasers import ERASERS, Eraser


def init_app(app: Flask) -> None:
    """Register the filters and the kinds of proposals, and let packages that may not import this
    one list accounts, undo the match of a payment that is reversed, ask whether a gift or a refund
    was seen, and erase the text of lines. What is exported of the books carries the reconciliation.
    """
    filters.init_app(app)
    register(*kinds.KINDS)
    app.extensions[ACCOUNTS] = list_accounts_to_pay_to
    app.extensions[RELEASE] = undo_match_of_payment
    app.extensions[SEEN_IN_BANK] = find_day_of_entry
    app.extensions[SHOWN_BY_BANK] = find_matched_payments
    add_to_bundle(app, "reconciliation.csv", reconciliation_lines)
    add_remarks(app, reconciliation_remarks)
    eraser = Eraser(plan_erasure, erase_line_words, (SUBJECT_TYPE, ERASED), find_written)
    app.extensions.setdefault(ERASERS, {})[LINE_PREFIX] = eraser
