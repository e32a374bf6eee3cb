"""What pages call whoever acted: people by their name, processes and visitors by a label."""

from collections.abc import Iterable

from fundapp.access.permissions import Process
from fundapp.identity.queries import names_of
from fundapp.web.lazy import lazy as _l

#: Actors without a person, as the trail names them.
PROCESSES: dict[str, str] = {
    Process.VISITOR: _l("A visitor, not signed in"),
    Process.COMMAND_LINE: _l("Command on the server"),
    Process.WORKER: _l("The program by itself"),
    Process.CARD_PROCESSOR: _l("The card processor"),
    Process.LINE: _l("The donor, at LINE"),
    Process.RECEIPT_LINK: _l("The guardian or school, by the link on the voucher"),
}


def name_actors(refs: Iterable[str]) -> dict[str, str]:
    """Names of people and processes, by ref, in the language in use; a ref of nobody is left
    out.
    """
    wanted = set(refs)
    processes = {str(name): str(text) for name, text in PROCESSES.items() if name in wanted}
    return names_of(wanted - processes.keys()) | processes
