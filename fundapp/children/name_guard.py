"""Texts that concern no request: the full name of any child is refused in them.

There is no list of children to compare such a text with, and decrypting every child for it would be
slow and would be reading. So the full names that a text may hold are hashed under a key and looked
for among the hashes of the children. Nothing is decrypted but of children who were registered
before there were hashes, once, and nothing is shown: whoever typed the name reads it back.
"""

from sqlalchemy import select

from fundapp.children.encryption import decrypt, lookup_name, lookup_names
from fundapp.children.errors import ChildNamedError
from fundapp.children.models import Child
from fundapp.db import db
from fundapp.ledger.drafts import public_memo
from fundapp.thai.full_names import full_names_in

#: Values in one statement, and children in memory at once.
_AT_ONCE = 500


def require_no_child_named(text: str, *, field: str) -> None:
    """ChildNamedError, which quotes the words, when the text holds the full name of a child. Part
    of a unit of work.
    """
    words = _find_child_named(text)
    if words is not None:
        raise ChildNamedError(field=field, params={"words": words})


def public_words(text: str, *, field: str) -> str:
    """``text``, cleaned for eyes that may see no child's file; PersonalDataError, ChildNamedError.

    Part of a unit of work.
    """
    cleaned = public_memo(text, field=field)
    require_no_child_named(cleaned, field=field)
    return cleaned


def _find_child_named(text: str) -> str | None:
    candidates = full_names_in(text)
    if not candidates:
        return None
    _hash_names()
    possible = dict(zip(lookup_names(candidates), candidates.values(), strict=True))
    hashes = list(possible)
    for first in range(0, len(hashes), _AT_ONCE):
        known = Child.name_lookup.in_(hashes[first : first + _AT_ONCE])
        for found in db.session.scalars(select(Child.name_lookup).where(known).distinct()):
            if found is not None and possible[found].stands:
                return possible[found].words
    return None


def _hash_names() -> None:
    """Give the children who have no hash yet theirs."""
    bare = select(Child).where(Child.name_lookup.is_(None)).order_by(Child.id).limit(_AT_ONCE)
    while children := db.session.scalars(bare).all():
        for child in children:
            child.name_lookup = lookup_name(
                decrypt(child, "given_name_encrypted"), decrypt(child, "family_name_encrypted")
            )
        db.session.flush()
