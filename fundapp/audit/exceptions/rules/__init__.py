"""What stands out in what the office does with money, and why it is looked at (pure).

Gifts are what donors decide; these rules are about what the office decides. Each reads the rows of
one `Source` and returns what it found, with a key that stays the same as long as the thing does.
"""

from fundapp.audit.exceptions.rules import entries, funds, receipts, requests
from fundapp.audit.exceptions.rules.base import (
    ExceptionRule,
    Found,
    SeenEntry,
    SeenFund,
    SeenHelp,
    SeenReceipt,
    Source,
)
from fundapp.audit.exceptions.rules.entries import expected_first_digits, first_digits

__all__ = [
    "RULES",
    "ExceptionRule",
    "Found",
    "SeenEntry",
    "SeenFund",
    "SeenHelp",
    "SeenReceipt",
    "Source",
    "expected_first_digits",
    "first_digits",
]

RULES: tuple[ExceptionRule, ...] = (
    *entries.RULES,
    *requests.RULES,
    *receipts.RULES,
    *funds.RULES,
)
