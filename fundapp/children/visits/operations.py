"""Writing a visit that was drafted on a phone into the file of its child."""

from collections.abc import Sequence

from fundapp.access.actors import Actor
from fundapp.children.casework.drafts import CaseDraft
from fundapp.children.casework.models import CaseEntry
from fundapp.children.casework.operations import write_entry
from fundapp.children.casework.queries import is_key_of_another
from fundapp.children.queries import find_by_code
from fundapp.children.visits.errors import NoSuchCodeError, SentElsewhereError
from fundapp.documents.intake import Accepted


def write_visit(
    code: str, draft: CaseDraft, *, photos: Sequence[Accepted] = (), actor: Actor
) -> CaseEntry:
    """Write the visit to the child with this code; a draft that was sent before is there once.

    Raises NoSuchCodeError, SentElsewhereError, and what `write_entry` raises.
    """
    child = find_by_code(code, viewer=actor)
    if child is None:
        raise NoSuchCodeError(field="code")
    if is_key_of_another(child, draft.key):
        raise SentElsewhereError(field="code")
    return write_entry(child.public_id, draft, photos=photos, actor=actor)
