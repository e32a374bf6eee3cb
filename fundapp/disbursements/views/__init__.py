"""Pages of money out: the list, a request and what can be done with it, the form, the voucher."""

from fundapp.disbursements.views import (
    account_checks,
    confirmations,
    fund_rules,
    help_rules,
    request_actions,
    request_form,
    requests,
    staff_accounts,
    vendors,
)
from fundapp.disbursements.views.blueprint import blueprint

__all__ = [
    "account_checks", "blueprint", "confirmations", "fund_rules", "help_rules", "request_actions",
    "request_form", "requests", "staff_accounts", "vendors",
]  # fmt: skip
