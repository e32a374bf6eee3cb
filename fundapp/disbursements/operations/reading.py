"""Opening requests: decrypting is a read of the children in them, and a read goes on record."""

from collections.abc import Sequence

from fundapp.access.actors import Actor
from fundapp.children.files import ChildName
from fundapp.children.models import Purpose
from fundapp.children.queries import get_children, list_requestable_children
from fundapp.children.reader import Reader
from fundapp.disbursements.encryption import open_name
from fundapp.disbursements.entry_drafts import SOURCE_TYPE
from fundapp.disbursements.policy import may_resubmit
from fundapp.disbursements.queries import (
    RequestFile,
    get_proof_document,
    get_request,
    open_request,
)
from fundapp.documents.models import Document
from fundapp.errors import NotFoundError
from fundapp.trail.operations import record_child_reads, record_event


def read_request(public_id: str, *, actor: Actor, view: str = "request") -> RequestFile:
    """Open a request as far as the actor may see it; NotFoundError when it is not the actor's."""
    opened = open_request(get_request(public_id, viewer=actor), viewer=actor)
    record_child_reads(opened.children_read, reader=actor, purpose=view)
    return opened


def read_request_to_change(public_id: str, *, actor: Actor) -> RequestFile:
    """A request whose form the actor fills in again; NotFoundError unless the actor asked for it.

    The form shows the payee and the account, so it is a read even where no consent lets the child's
    name be shown.
    """
    request = get_request(public_id, viewer=actor)
    if not may_resubmit(actor, request):
        raise NotFoundError
    opened = open_request(request, viewer=actor)
    record_child_reads(opened.children_read, reader=actor, purpose="request form")
    return opened


def read_proof_document(
    public_id: str, document_id: str, *, actor: Actor
) -> tuple[Document, bytes]:
    """The signed paper of a proof; NotFoundError where the payee may not be shown."""
    request = get_request(public_id, viewer=actor)
    document = get_proof_document(request, document_id, viewer=actor)
    children = [line.child for line in request.lines]
    content = Reader(actor, Purpose.PROOF).document(document, about=children)
    record_event(
        "disbursements:proof:open",
        actor=actor,
        subject_type=SOURCE_TYPE,
        subject_ref=request.public_id,
    )
    return document, content


def read_children_on_offer(
    chosen: Sequence[str], *, district_code: str, wanted: str, limit: int, actor: Actor
) -> list[ChildName]:
    """The children of the form: those ``chosen`` already, then at most ``limit`` of the district.

    ``wanted`` is looked for in code, name and school. Only who is on the page counts as read.
    NotFoundError when one of the chosen is not the actor's to see.
    """
    names = [open_name(child) for child in get_children(chosen, viewer=actor)]
    listed = list_requestable_children(viewer=actor, district_code=district_code)
    others = (open_name(child) for child in listed if child.public_id not in chosen)
    names += [name for name in others if wanted.casefold() in _searched(name)][:limit]
    seen = [name.child.public_id for name in names if name.is_shown]
    record_child_reads(seen, reader=actor, purpose="request form")
    return names


def _searched(name: ChildName) -> str:
    return f"{name.code} {name.display_name} {name.child.school_name}".casefold()
