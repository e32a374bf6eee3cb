"""Who draws payments, calls about them and is told of overdue proofs (pure)."""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.callbacks.models import Callback
from fundapp.disbursements.policy import may_file_proof_of_receipt


def may_draw_callbacks(actor: Actor) -> bool:
    """Whether the actor draws payments: the worker, and who runs commands."""
    return actor.can(Permission.CALLBACK_DRAW)


def may_call_back(actor: Actor, callback: Callback) -> bool:
    """Whether the actor may call and record what the call gave: who may file a proof of receipt,
    which who asked and who paid may not; once somebody was reached nobody.
    """
    return not callback.is_reached and may_file_proof_of_receipt(actor, callback.request)


def may_remind_of_proofs(actor: Actor) -> bool:
    """Whether the actor writes to those who owe proofs of receipt: the worker, and commands."""
    return actor.can(Permission.REMINDER_SEND)


def may_set_receipt_rules(actor: Actor) -> bool:
    """Whether the actor may record rules of receipts: two administrators together."""
    return actor.can(Permission.HELP_RULES_SET)


def may_propose_receipt_rules(actor: Actor) -> bool:
    """Whether the actor may propose them: administrators, who move no money."""
    return actor.can(Permission.HOUSE_CONFIRM)
