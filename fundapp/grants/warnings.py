"""What is to be known of a grant's budget before help is approved.

A line whose rule is to refuse is kept by the database (``fundapp/grants/sql``): the page tells it
before, and so does the refusal.
"""

from fundapp.errors import RuleError
from fundapp.grants.models import LineRule
from fundapp.grants.queries import find_charged_line, find_running_grant
from fundapp.ledger.spending import PlannedSpending
from fundapp.markers import N_
from fundapp.money import format_baht

_WARNS = N_(
    "Grant %(number)s has %(left)s baht left on the budget line for this help. It would be "
    "overspent; the grantor may not accept that."
)
_REFUSES = N_(
    "Grant %(number)s has %(left)s baht left on the budget line for this help, and the line "
    "refuses more. It cannot be approved from this fund."
)
_NO_LINE = N_(
    "Grant %(number)s of this fund has no budget line for this kind of help and fiscal year. It "
    "is charged to the fund and to no line."
)


def find_warning(planned: PlannedSpending) -> RuleError | None:
    """What the help would do to the budget line that it is charged to; None where it fits, or no
    grant runs.
    """
    grant = find_running_grant(planned.fund_code, planned.day)
    if grant is None:
        return None
    row = find_charged_line(planned.fund_code, planned.account_code, planned.day)
    if row is None:
        return RuleError(_NO_LINE, params={"number": grant.number})
    if planned.satang <= row.left_satang:
        return None
    sentence = _REFUSES if row.line.rule is LineRule.REFUSE else _WARNS
    params = {"number": grant.number, "left": format_baht(max(row.left_satang, 0))}
    return RuleError(sentence, params=params)
