"""The changes of the books and of funds that other packages may make. They run in the caller's unit
of work.
"""

from fundapp.ledger.operations.entries import (
    PostedEntry,
    fold_balances,
    post_entries,
    post_entry,
    refund_gift,
    return_gift,
    reverse_entry,
)
from fundapp.ledger.operations.fund_status import (
    close_fund,
    freeze_fund,
    reopen_fund,
)
from fundapp.ledger.operations.funds import (
    change_fund,
    change_fund_accounts,
    create_fund,
    set_let_go_limit,
    set_tax_wording,
)
from fundapp.ledger.operations.periods import close_period, reopen_period

__all__ = [
    "PostedEntry",
    "change_fund",
    "change_fund_accounts",
    "close_fund",
    "close_period",
    "create_fund",
    "fold_balances",
    "freeze_fund",
    "post_entries",
    "post_entry",
    "refund_gift",
    "reopen_fund",
    "reopen_period",
    "return_gift",
    "reverse_entry",
    "set_let_go_limit",
    "set_tax_wording",
]
