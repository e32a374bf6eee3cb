"""What holds an instalment, in words."""

from flask_babel import gettext

from fundapp import clock
from fundapp.aid_plans.errors import AidHeldError
from fundapp.aid_plans.queries import find_instalment, term_states
from fundapp.disbursements.models import DisbursementRequest
from fundapp.web.filters import day, label
from fundapp.web.locale import translated


def find_payment_hold(request: DisbursementRequest) -> AidHeldError | None:
    """What keeps an instalment from being paid today: its day, or a condition."""
    instalment = find_instalment(request)
    if instalment is None:
        return None
    why = [label(state.kind) for state in term_states(instalment) if state.holds]
    if instalment.due_on > clock.today():
        why.insert(0, gettext("due on %(day)s", day=day(instalment.due_on)))
    if not why:
        return None
    return AidHeldError(params={"number": instalment.number, "why": "; ".join(why)})


def tell_payment_hold(request: DisbursementRequest) -> str | None:
    """The same as a sentence in the reader's language."""
    error = find_payment_hold(request)
    return translated(error) if error else None
