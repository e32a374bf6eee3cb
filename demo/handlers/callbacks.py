"""Rules of call-backs from the first day on, and what calls gave by the last one."""

from demo.handlers.grants import agree_as_administrators
from demo.state import DemoState
from fundapp import clock
from fundapp.access.actors import COMMAND_LINE
from fundapp.callbacks.drafts import AnswerDraft, ReceiptRulesDraft
from fundapp.callbacks.kinds import receipt_rules_values
from fundapp.callbacks.models import Callback, CallbackOutcome
from fundapp.callbacks.operations import RULES_TYPE, draw_callbacks, record_call
from fundapp.callbacks.policy import may_call_back
from fundapp.transparency.operations import publish_callbacks

#: Per cent of a month's payments and how many at least; days until a proof is overdue, and until
#: the supervisor is told.
_PERCENT, _FEWEST, _OVERDUE, _SUPERVISOR = 10, 3, 30, 45
#: Of so many calls one is not answered.
_UNREACHED_EACH = 7


def set_receipt_rules_of_help(state: DemoState) -> None:
    """Rules that begin today, decided by the two administrators."""
    draft = ReceiptRulesDraft(clock.today(), _PERCENT, _FEWEST, _OVERDUE, _SUPERVISOR)
    subject, values = draft.starts_on.isoformat(), dict(receipt_rules_values(draft))
    agree_as_administrators(state, RULES_TYPE, subject, values)


def call_payees(state: DemoState) -> None:
    """Each month that is over is drawn; of all but the newest the payees were called."""
    draws = draw_callbacks(actor=COMMAND_LINE)
    for draw in draws[:-1]:
        for callback in draw.callbacks:
            _call(state, callback)
    publish_callbacks(actor=COMMAND_LINE)


def _call(state: DemoState, callback: Callback) -> None:
    outcomes = [CallbackOutcome.RECEIVED]
    if callback.id % _UNREACHED_EACH == 0:
        outcomes.insert(0, CallbackOutcome.UNREACHED)
    for outcome in outcomes:
        actors = (user.as_actor() for user in state.people.users.values())
        actor = next((each for each in actors if may_call_back(each, callback)), None)
        if actor is not None:
            key = f"demo-call-{callback.id}-{outcome}"
            record_call(callback.number, AnswerDraft(outcome, clock.today()), key=key, actor=actor)
