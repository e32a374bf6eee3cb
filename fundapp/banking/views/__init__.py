"""Pages of banking; each part has its own views, on one blueprint."""

from fundapp.banking.matching import views as matching
from fundapp.banking.reconciliation import views as reconciliation
from fundapp.banking.statement_files import views as statement_files
from fundapp.banking.views import account_settings, accounts, profiles
from fundapp.banking.views.blueprint import blueprint

__all__ = [
    "account_settings",
    "accounts",
    "blueprint",
    "matching",
    "profiles",
    "reconciliation",
    "statement_files",
]
