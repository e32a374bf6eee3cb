"""Pairs of donors who may be one, for a person to decide on."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from fundapp.db import db
from fundapp.giving.models import Donor, DonorDifference, DonorMerge
from fundapp.labels import LabelledEnum
from fundapp.markers import N_

#: Donors that are looked at in one step, steps for a page, pairs of one step.
_LOOKED_AT, _STEPS, _MOST_PAIRS = 200, 10, 50


class LikeReason(LabelledEnum):
    """Why two donors may be one."""

    NAME = "name", N_("The names are the same")
    SOUND = "sound", N_("The names sound alike")
    PART = "part", N_("A part of the names sounds alike")
    EMAIL = "email", N_("The e-mail address is the same")
    PHONE = "phone", N_("The phone is the same")


@dataclass(frozen=True, slots=True)
class LikelyPair:
    """Two donors, the newer one first, and why they may be one."""

    donor: Donor
    other: Donor
    reasons: tuple[LikeReason, ...]


@dataclass(frozen=True, slots=True)
class LikelyPairs:
    """Some pairs, and from where to look further: the id of the last donor looked at."""

    rows: list[LikelyPair]
    next_key: str | None


def list_likely_pairs(*, after: int | None = None) -> LikelyPairs:
    """Pairs that are neither merged nor told apart, of the newest donors before ``after``.

    Whoever has the same name or one that sounds alike; or the same address or phone, and a part of
    the name. Looks at two thousand donors at most, however many there are, and ends as soon as it
    has found some.
    """
    pairs: list[LikelyPair] = []
    for _step in range(_STEPS):
        looked_at = _newest(after)
        if not looked_at:
            return LikelyPairs(pairs, None)
        pairs += _pairs_of(looked_at)
        after = looked_at[-1]
        if len(looked_at) < _LOOKED_AT:
            return LikelyPairs(pairs, None)
        if pairs:
            break
    return LikelyPairs(pairs, str(after))


def reasons_of(donor: Donor, other: Donor) -> tuple[LikeReason, ...]:
    """What two donors have in common; empty where they are not likely one."""
    sounds, others = (set((each.sound_key or "").split()) for each in (donor, other))
    found = []
    if donor.name_key and donor.name_key == other.name_key:
        found.append(LikeReason.NAME)
    elif len(sounds) > 1 and donor.sound_key == other.sound_key:
        found.append(LikeReason.SOUND)
    elif sounds & others or not (donor.name and other.name):
        found.append(LikeReason.PART)
    else:
        return ()
    if donor.email is not None and donor.email == other.email:
        found.append(LikeReason.EMAIL)
    if donor.phone is not None and donor.phone == other.phone:
        found.append(LikeReason.PHONE)
    return () if found == [LikeReason.PART] else tuple(found)


def _newest(after: int | None) -> list[int]:
    """The ids of the newest donors before this one, who are not merged."""
    merged = select(DonorMerge.donor_id).where(DonorMerge.donor_id == Donor.id).exists()
    statement = select(Donor.id).where(~merged, or_(Donor.name != "", Donor.email.is_not(None)))
    if after is not None:
        statement = statement.where(Donor.id < after)
    return list(db.session.scalars(statement.order_by(Donor.id.desc()).limit(_LOOKED_AT)))


def _pairs_of(donor_ids: Collection[int]) -> list[LikelyPair]:
    """Pairs of these donors with older ones."""
    found: dict[tuple[int, int], LikelyPair] = {}
    # A look-up for each index: one condition with OR would use none.
    for column in (Donor.email, Donor.phone, Donor.name_key, Donor.sound_key):
        for donor, other in _alike(donor_ids, column.key):
            reasons = reasons_of(donor, other)
            if reasons:
                found[donor.id, other.id] = LikelyPair(donor, other, reasons)
    return [found[key] for key in sorted(found, reverse=True)]


def _alike(donor_ids: Collection[int], name: str) -> list[tuple[Donor, Donor]]:
    donor, other = aliased(Donor), aliased(Donor)
    mine, theirs = getattr(donor, name), getattr(other, name)
    statement = (
        select(donor, other)
        .join(other, and_(theirs == mine, other.id < donor.id))
        .where(
            donor.id.in_(donor_ids),
            mine != "",
            _is_free(other.id),
            ~_are_told_apart(donor.id, other.id),
        )
        .limit(_MOST_PAIRS)
    )
    return [(first, second) for first, second in db.session.execute(statement)]


def _is_free(donor_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    return ~select(DonorMerge.donor_id).where(DonorMerge.donor_id == donor_id).exists()


def _are_told_apart(
    newer_id: InstrumentedAttribute[int], older_id: InstrumentedAttribute[int]
) -> ColumnElement[bool]:
    said = select(DonorDifference.donor_id).where(
        DonorDifference.donor_id == older_id, DonorDifference.other_id == newer_id
    )
    return said.exists()
