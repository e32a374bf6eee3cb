"""The acts of the story: each happening is carried out by the operation that its page uses."""

from collections.abc import Callable
from typing import Any

from demo.acts.bank import statement_comes
from demo.acts.children import child_comes, child_leaves, consent_withdrawn
from demo.acts.giving import (
    donor_comes,
    money_comes,
    money_reversed,
    pledge_made,
    pledge_turns,
)
from demo.acts.help import help_asked, help_decided, help_paid, help_proved
from demo.acts.office import cash_moves, month_closes
from demo.acts.stage import Stage
from demo.happenings import (
    CashMoves,
    ChildComes,
    ChildLeaves,
    ConsentWithdrawn,
    DonorComes,
    Happening,
    HelpAsked,
    HelpDecided,
    HelpPaid,
    HelpProved,
    MoneyComes,
    MoneyReversed,
    MonthCloses,
    PledgeMade,
    PledgeTurns,
    StatementComes,
)

_ACTS: dict[type[Happening], Callable[[Stage, Any], None]] = {
    DonorComes: donor_comes,
    PledgeMade: pledge_made,
    PledgeTurns: pledge_turns,
    MoneyComes: money_comes,
    MoneyReversed: money_reversed,
    CashMoves: cash_moves,
    StatementComes: statement_comes,
    MonthCloses: month_closes,
    ChildComes: child_comes,
    ChildLeaves: child_leaves,
    ConsentWithdrawn: consent_withdrawn,
    HelpAsked: help_asked,
    HelpDecided: help_decided,
    HelpPaid: help_paid,
    HelpProved: help_proved,
}


def carry_out(stage: Stage, happening: Happening) -> None:
    """Carry out one happening at the instant at which the clock stands."""
    _ACTS[type(happening)](stage, happening)
