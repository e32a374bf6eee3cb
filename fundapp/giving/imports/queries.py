"""Look-ups for the rows of a spreadsheet, of many values at once."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import select

from fundapp.db import db
from fundapp.giving.imports.rows import DonorFacts
from fundapp.giving.models import Donor, DonorKind, DonorMerge, DonorTag, ImportMark
from fundapp.giving.receipts.content import Payer
from fundapp.giving.receipts.reader import details_of

T = TypeVar("T")

#: How many values are looked up in one statement.
_AT_ONCE = 1000


def find_marks(digests: Sequence[bytes]) -> dict[bytes, int]:
    """The donors that these digests became."""
    statement = select(ImportMark.digest, ImportMark.donor_id)
    return {
        bytes(digest): donor_id
        for some in _pieces(digests)
        for digest, donor_id in db.session.execute(statement.where(ImportMark.digest.in_(some)))
    }


def find_by_contact(
    facts: Iterable[DonorFacts],
) -> dict[tuple[str, str], set[tuple[int, DonorKind]]]:
    """Donors with one of these addresses or phones, by name and contact, as those that they were
    merged into.
    """
    emails, phones = set(), set()
    for each in facts:
        emails |= {each.email} - {""}
        phones |= {each.phone} - {""}
    rows = [
        *_donor_rows(emails, "email"),
        *_donor_rows(phones, "phone"),
    ]
    merged = find_merges({donor_id for donor_id, *_ in rows})
    found: dict[tuple[str, str], set[tuple[int, DonorKind]]] = {}
    for donor_id, kind, key, email, phone in rows:
        for contact in (email, phone):
            if contact:
                into = merged.get(donor_id, donor_id)
                found.setdefault((key, contact), set()).add((into, kind))
    return found


def _donor_rows(values: set[str], name: str) -> Iterator[Any]:
    """Id, kind, compared name, address and phone of donors by their address or phone."""
    column = getattr(Donor, name)
    for some in _pieces(sorted(values)):
        statement = select(Donor.id, Donor.kind, Donor.name_key, Donor.email, Donor.phone)
        yield from db.session.execute(statement.where(column.in_(some)))


def find_donors(donor_ids: set[int]) -> dict[int, Donor]:
    """These donors by id."""
    return {
        donor.id: donor
        for some in _pieces(sorted(donor_ids))
        for donor in db.session.scalars(select(Donor).where(Donor.id.in_(some)))
    }


def find_merges(donor_ids: set[int]) -> dict[int, int]:
    """Into whom those of these donors were merged that were."""
    statement = select(DonorMerge.donor_id, DonorMerge.into_id)
    return {
        donor_id: into_id
        for some in _pieces(sorted(donor_ids))
        for donor_id, into_id in db.session.execute(statement.where(DonorMerge.donor_id.in_(some)))
    }


def find_tags(donor_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """The tags of each of these donors."""
    found: dict[int, frozenset[str]] = {}
    statement = select(DonorTag.donor_id, DonorTag.tag)
    for some in _pieces(sorted(set(donor_ids))):
        for donor_id, tag in db.session.execute(statement.where(DonorTag.donor_id.in_(some))):
            found[donor_id] = found.get(donor_id, frozenset()) | {tag}
    return found


def find_details_of(donor_ids: set[int]) -> dict[int, Payer]:
    """The address and tax number that receipts of these donors carry, of those that have any."""
    return {
        donor_id: payer
        for some in _pieces(sorted(donor_ids))
        for donor_id, payer in details_of(some).items()
    }


def _pieces(values: Sequence[T]) -> Iterator[Sequence[T]]:
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))
