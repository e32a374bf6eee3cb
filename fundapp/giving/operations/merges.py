"""Two rows for one donor are merged, and parted again; two donors who look alike are told apart."""

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.giving.errors import NotMergeableError
from fundapp.giving.locking import lock_donors
from fundapp.giving.models import Donor, DonorDifference, DonorMerge
from fundapp.giving.policy import is_mergeable, may_merge_donors
from fundapp.giving.queries.donors import list_merges
from fundapp.trail.operations import record_event


def merge_donor(public_id: str, *, into: str, actor: Actor) -> Donor:
    """Merge the donor into the one with the public id ``into``, which is returned: its file shows
    the pledges, payments, receipts and messages of both, and who gives again with either name and
    address is that donor.

    Raises ForbiddenError, NotFoundError, and NotMergeableError for the unknown givers, a donor with
    an account of its own, or one that is part of another merge.
    """
    require(may_merge_donors(actor))
    donor, other = lock_donors(public_id, into)
    merges = list_merges([donor.id, other.id])
    is_free = all(merge.into_id == other.id for merge in merges)
    if not is_mergeable(donor, other) or not is_free or donor.id in {m.donor_id for m in merges}:
        raise NotMergeableError
    db.session.add(DonorMerge(donor_id=donor.id, into_id=other.id, merged_at=clock.now()))
    _record("merge", donor, other, actor)
    db.session.flush()
    return other


def part_donor(public_id: str, *, actor: Actor) -> Donor:
    """Undo the merge of a donor: its file is its own again. Raises ForbiddenError, NotFoundError;
    a donor that is not merged stays as it is.
    """
    require(may_merge_donors(actor))
    [donor] = lock_donors(public_id)
    merge = db.session.get(DonorMerge, donor.id)
    if merge is not None:
        db.session.delete(merge)
        _record("part", donor, db.session.get_one(Donor, merge.into_id), actor)
        db.session.flush()
    return donor


def tell_apart(public_id: str, other: str, *, actor: Actor) -> None:
    """Remember that two donors who look alike are not the same; once more changes nothing. Raises
    ForbiddenError, NotFoundError, NotMergeableError for one and the same.
    """
    require(may_merge_donors(actor))
    if public_id == other:
        raise NotMergeableError
    donor, second = lock_donors(public_id, other)
    first_id, last_id = sorted((donor.id, second.id))
    if db.session.get(DonorDifference, (first_id, last_id)) is None:
        row = DonorDifference(
            donor_id=first_id, other_id=last_id, decided_by=actor.ref, decided_at=clock.now()
        )
        db.session.add(row)
        _record("tell-apart", donor, second, actor)
        db.session.flush()


def _record(verb: str, donor: Donor, other: Donor, actor: Actor) -> None:
    record_event(
        f"giving:donor:{verb}",
        actor=actor,
        subject_type="donor",
        subject_ref=donor.public_id,
        note=other.public_id,
    )
