"""What whoever proposes conditions and whoever confirms them are asked alike."""

from fundapp import clock
from fundapp.aid_plans.drafts import AidRulesDraft
from fundapp.aid_plans.errors import AidPercentError, AidRulesDayError
from fundapp.aid_plans.models import AidTermKind
from fundapp.aid_plans.queries import find_instalment, list_aid_rules, term_states
from fundapp.disbursements.models import DisbursementRequest

_PERCENT = range(1, 101)


def check_aid_rules(draft: AidRulesDraft) -> None:
    """Raise AidRulesDayError, AidPercentError."""
    taken = {(each.need, each.starts_on) for each in list_aid_rules()}
    if draft.starts_on < clock.today() or (draft.need, draft.starts_on) in taken:
        raise AidRulesDayError(field="starts_on")
    if draft.percent is not None and draft.percent not in _PERCENT:
        raise AidPercentError(field="percent")


def is_open_term(kind: AidTermKind, request: DisbursementRequest) -> bool:
    """Whether the instalment waits for this condition."""
    instalment = find_instalment(request)
    states = term_states(instalment) if instalment else []
    return any(state.kind is kind and state.holds for state in states)
