"""Who may change the books: for each kind of entry the permissions, of which any one will do."""

import pytest

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.ledger import policy
from fundapp.ledger.models import EntryKind

P = Permission

POSTING = {
    EntryKind.OPENING: {P.OLDER_BOOKS_IMPORT},
    EntryKind.DONATION: {P.PAYMENT_RECORD, P.STATEMENT_MATCH, P.OLDER_BOOKS_IMPORT, P.REFUND_ORDER},
    EntryKind.ASSISTANCE_APPROVED: {P.DISBURSEMENT_DECIDE, P.OLDER_BOOKS_IMPORT},
    EntryKind.ASSISTANCE_PAID: {P.DISBURSEMENT_PAY, P.OLDER_BOOKS_IMPORT},
    EntryKind.ASSISTANCE_RETURNED: {P.DISBURSEMENT_PAY},
    EntryKind.BANK_FEE: {P.STATEMENT_MATCH, P.CARD_PAYMENT_BOOK},
    EntryKind.BANK_INTEREST: {P.STATEMENT_MATCH},
    EntryKind.ADVANCE: {P.ADVANCE_BOOK},
    EntryKind.TRANSFER: {P.STATEMENT_MATCH, P.FUND_TRANSFER},
    EntryKind.SUSPENSE: {P.STATEMENT_MATCH},
    EntryKind.GIFT_TAKEN: {P.PAYMENT_RECORD, P.STATEMENT_MATCH},
    EntryKind.CARD_PAYOUT: {P.STATEMENT_MATCH},
    EntryKind.GIFT_REFUNDED: {P.REFUND_ORDER},
    EntryKind.REFUND_PAID: {P.REFUND_PAY},
    EntryKind.GIFT_RETURNED: {P.PAYMENT_RECORD, P.STATEMENT_MATCH},
    EntryKind.YEAR_END: {P.PERIOD_CLOSE},
    EntryKind.REVERSAL: {P.PAYMENT_RECORD, P.STATEMENT_MATCH, P.DISBURSEMENT_CANCEL},
}


def holder(permission: Permission) -> Actor:
    return Actor("holder", frozenset({permission}))


@pytest.mark.parametrize("kind", EntryKind)
def test_each_kind_of_entry_takes_one_of_these_permissions(kind):
    allowing = {permission for permission in P if policy.may_post(holder(permission), kind)}
    assert allowing == POSTING[kind]


@pytest.mark.parametrize(
    ("question", "permission"),
    [
        (policy.may_open_fund, P.FUND_OPEN),
        (policy.may_close_period, P.PERIOD_CLOSE),
        (policy.may_fold_balances, P.BALANCE_FOLD),
    ],
)
def test_the_books_themselves_take_one_permission(question, permission):
    assert {each for each in P if question(holder(each))} == {permission}
