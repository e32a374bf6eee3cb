"""What the viewer may know of a payment that was drawn: the payee, and what was said in calls."""

from dataclasses import dataclass, field

from fundapp.access.actors import Actor
from fundapp.callbacks.models import Callback
from fundapp.callbacks.queries import get_callback
from fundapp.children.models import Purpose
from fundapp.disbursements.reader import RequestFile, request_file

#: Children whose codes the page shows.
_CHILDREN_SHOWN = 20


@dataclass(frozen=True, slots=True)
class CallbackFile:
    """A call-back with its request, as far as the viewer may see it."""

    callback: Callback
    request: RequestFile = field(repr=False)


def read_callback(number: str, *, actor: Actor) -> CallbackFile:
    """A payment that was drawn, with the request and the words of the calls. Part of a unit of
    reading. Raises NotFoundError, also where it is not the actor's to see.
    """
    callback = get_callback(number, viewer=actor)
    file = request_file(callback.request, purpose=Purpose.PROOF, viewer=actor, most=_CHILDREN_SHOWN)
    return CallbackFile(callback, file)
