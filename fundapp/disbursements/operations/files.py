"""Reading requests and the names of children: decrypting is a read, which the `Reader` records."""

from collections.abc import Sequence

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.children.codes import parse_code
from fundapp.children.files import ChildName
from fundapp.children.models import Child, Purpose
from fundapp.children.queries import MOST_AT_ONCE, get_children, list_requestable_children
from fundapp.children.reader import Reader
from fundapp.disbursements.models import DisbursementRequest
from fundapp.disbursements.policy import may_ask_for_help, may_open
from fundapp.disbursements.queries import get_request, get_request_to_change
from fundapp.disbursements.queries.visibility import shown_parts
from fundapp.disbursements.reader import RequestFile, request_file
from fundapp.disbursements.workflow import OWED_STATES
from fundapp.errors import NotFoundError

#: Lines of a request on one page.
LINES_SHOWN = 200


def read_request(public_id: str, *, after: int = 0, actor: Actor) -> RequestFile:
    """A request as far as the actor may see it, with some of its lines, those after the line of
    that id; NotFoundError when it is not the actor's to see.
    """
    request = get_request(public_id, viewer=actor)
    return request_file(
        request, purpose=Purpose.REQUEST, viewer=actor, after=after, most=LINES_SHOWN
    )


def read_request_to_change(public_id: str, *, actor: Actor) -> RequestFile:
    """A request whose form the actor fills in again; NotFoundError unless the actor asked for it.

    Where a consent has ended the payee, the account and the reason are left empty, to be written
    anew.
    """
    request = get_request_to_change(public_id, viewer=actor)
    return _file(request, actor, Purpose.REQUEST_FORM)


def read_voucher(public_id: str, *, actor: Actor) -> RequestFile:
    """What the payee signs, with a code in place of names for those who may only open them with a
    reason; NotFoundError unless the fund owes the money, or has paid it, and the actor may be shown
    the payee or open the request.
    """
    request = get_request(public_id, viewer=actor)
    if request.status not in OWED_STATES:
        raise NotFoundError
    parts = shown_parts(actor, request, clock.today())
    if not (parts.payee or (may_open(actor, request) and not parts.is_ended)):
        raise NotFoundError
    return _file(request, actor, Purpose.VOUCHER)


def read_children_to_offer(
    chosen: Sequence[str], *, district_code: str, text: str, limit: int, actor: Actor
) -> list[ChildName]:
    """The children of the form: those ``chosen`` already, then at most ``limit`` of the district
    whose code, name or school contains ``text``.

    Only who is on the page counts as read. Raises ForbiddenError, and NotFoundError when one of the
    chosen is not the actor's to see.
    """
    require(may_ask_for_help(actor))
    reader = Reader(actor, Purpose.REQUEST_FORM)
    names = [reader.name(child) for child in get_children(chosen, viewer=actor)]
    coded = _child_of_code(text, district_code, actor)
    if coded is not None:
        offered, text = [coded], ""
    else:
        # A part of a name is found only by opening the names of the whole district.
        most = None if text else len(chosen) + limit
        offered = list_requestable_children(viewer=actor, district_code=district_code, limit=most)
    others = [child for child in offered if child.public_id not in chosen]
    return names + reader.find_names(others, text, limit=limit)


def read_codes_to_list(*, district_code: str, text: str, actor: Actor) -> list[str]:
    """The codes of all children of the district whose code, name or school contains ``text``, and
    for whom help can be asked. Without a text no name is opened. Raises ForbiddenError.
    """
    require(may_ask_for_help(actor))
    coded = _child_of_code(text, district_code, actor)
    if coded is not None:
        return [coded.code]
    children = list_requestable_children(
        viewer=actor, district_code=district_code, limit=MOST_AT_ONCE
    )
    if not text:
        return [child.code for child in children]
    names = Reader(actor, Purpose.REQUEST_FORM).find_names(children, text, limit=MOST_AT_ONCE)
    return [name.code for name in names]


def _child_of_code(text: str, district_code: str, actor: Actor) -> Child | None:
    """The child whose whole code ``text`` is, where help can be asked for it: no other child's
    code, name or school contains that, so none is opened.
    """
    code = parse_code(text)
    found = code and list_requestable_children(
        viewer=actor, district_code=district_code, code=code, limit=1
    )
    return found[0] if found else None


def _file(request: DisbursementRequest, actor: Actor, purpose: Purpose) -> RequestFile:
    return request_file(request, purpose=purpose, viewer=actor)
