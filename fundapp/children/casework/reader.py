"""Decrypting casework for a `Reader` of children, which records the read; and what details a file
holds, to be compared with what they are changed to, which is shown to nobody.
"""

import json

from fundapp import clock
from fundapp.children.casework import queries
from fundapp.children.casework.files import Casework, ShownEntry, ShownGuardian, ShownMove
from fundapp.children.casework.labels import DETAILS
from fundapp.children.casework.models import CaseEntry, ChildMove
from fundapp.children.casework.policy import may_show_entry
from fundapp.children.encryption import decrypt
from fundapp.children.handovers.reader import read_handovers_of
from fundapp.children.models import Child
from fundapp.children.policy import SENSITIVE_GROUPS, may_hold_sensitive, may_show_identity
from fundapp.children.reader import Reader
from fundapp.documents.models import Document

#: Entries that a file shows.
MOST = 200


def read_casework_of(child: Child, reader: Reader) -> Casework:
    """What may be shown of it; where the identity may not be shown, when what was written alone,
    and what whoever takes the child over should know, until it is taken: the care goes on.
    """
    day = clock.today()
    entries = queries.list_entries(child, MOST)
    photos = queries.photos_of(entries)
    shown = tuple(
        _entry(entry, child, reader, photos.get(entry.public_id, ()))
        if may_show_entry(entry, child, day)
        else ShownEntry(entry, is_shown=False)
        for entry in entries
    )
    handovers = read_handovers_of(child, reader)
    if not may_show_identity(child, day):
        move = queries.find_waiting_move(child)
        return Casework(
            shown,
            {},
            None,
            moves=_moves(child, [move] if move is not None else [], reader),
            handovers=handovers,
        )
    row = queries.find_details(child)
    return Casework(
        shown,
        _details(child, reader),
        row.planned_end_on if row is not None else None,
        tuple(
            ShownGuardian(
                guardian,
                reader.decrypt(guardian, "name_encrypted", about=[child]),
                reader.decrypt_optional(guardian, "phone_encrypted", about=[child]),
            )
            for guardian in queries.list_guardians(child)
        ),
        _moves(child, queries.list_moves(child), reader),
        handovers,
    )


def _moves(child: Child, moves: list[ChildMove], reader: Reader) -> tuple[ShownMove, ...]:
    return tuple(
        ShownMove(move, reader.decrypt(move, "words_encrypted", about=[child])) for move in moves
    )


def read_zakat_entry(child: Child, reader: Reader) -> ShownEntry | None:
    """The entry that says the child's zakat group now; without the consent to it only when it was
    written.
    """
    entry = queries.zakat_entries([child]).get(child.id)
    if entry is None:
        return None
    if not may_show_entry(entry, child, clock.today()):
        return ShownEntry(entry, is_shown=False)
    return _entry(entry, child, reader, ())


def details_now(child: Child) -> dict[str, str]:
    """Every detail of the file; the empty text where it says nothing."""
    row = queries.find_details(child)
    found = json.loads(decrypt(row, "details_encrypted")) if row is not None else {}
    return {name: found.get(name, "") for name in DETAILS}


def _details(child: Child, reader: Reader) -> dict[str, str]:
    row = queries.find_details(child)
    if row is None:
        return {}
    details: dict[str, str] = json.loads(reader.decrypt(row, "details_encrypted", about=[child]))
    if not may_hold_sensitive(child, clock.today()):
        groups = details.get("groups", "").split()
        details["groups"] = " ".join(group for group in groups if group not in SENSITIVE_GROUPS)
    return details


def _entry(
    entry: CaseEntry, child: Child, reader: Reader, photos: tuple[Document, ...]
) -> ShownEntry:
    return ShownEntry(
        entry,
        is_shown=True,
        words=json.loads(reader.decrypt(entry, "words_encrypted", about=[child])),
        outcome=reader.decrypt_optional(entry, "outcome_encrypted", about=[child]),
        photos=photos,
    )
