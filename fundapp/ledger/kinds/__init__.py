"""What of the books two people change: funds and months."""

from fundapp.ledger.kinds.fund_status import FUND_STATUS, FundStatusKind, status_values
from fundapp.ledger.kinds.funds import (
    FUND_ACCOUNTS,
    FUND_OPENING,
    FUND_SETTINGS,
    LET_GO_LIMIT,
    TAX_WORDING,
    FundAccountsKind,
    FundOpeningKind,
    FundSettingsKind,
    LetGoLimitKind,
    TaxWordingKind,
)
from fundapp.ledger.kinds.periods import (
    CLOSED,
    PERIOD_CLOSING,
    PERIOD_REOPENING,
    PeriodClosingKind,
    PeriodReopeningKind,
    reopening_values,
)
from fundapp.ledger.kinds.values import (
    account_labels,
    accounts_values,
    fund_names,
    opening_values,
    settings_values,
    wording_values,
)

__all__ = [
    "CLOSED",
    "FUND_ACCOUNTS",
    "FUND_OPENING",
    "FUND_SETTINGS",
    "FUND_STATUS",
    "KINDS",
    "LET_GO_LIMIT",
    "PERIOD_CLOSING",
    "PERIOD_REOPENING",
    "TAX_WORDING",
    "account_labels",
    "accounts_values",
    "fund_names",
    "opening_values",
    "reopening_values",
    "settings_values",
    "status_values",
    "wording_values",
]

KINDS = (
    FundOpeningKind(),
    FundSettingsKind(),
    FundAccountsKind(),
    TaxWordingKind(),
    LetGoLimitKind(),
    FundStatusKind(),
    PeriodClosingKind(),
    PeriodReopeningKind(),
)
