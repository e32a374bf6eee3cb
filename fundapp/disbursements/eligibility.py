"""Which children a fund may not help by its rules: by age on the day, target group and zakat group.

What the files say is decrypted by whoever asks: a `Reader`, which records the reads, or a check
that shows nobody. District and purpose are in clear and are asked of the request itself.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fundapp.children.births import stored_birth
from fundapp.children.casework.models import ZakatGroup
from fundapp.children.casework.queries import details_of, zakat_entries
from fundapp.children.models import Child, TargetGroup
from fundapp.children.policy import age_on, may_show_group
from fundapp.children.reader import Decrypting
from fundapp.disbursements.models import FundRules, RuleAspect
from fundapp.labels import LabelledEnum
from fundapp.ledger.models import Fund, Restriction
from fundapp.markers import N_


class Outside(LabelledEnum):
    """Why a fund may not help a child."""

    AGE = "age", N_("outside the ages that the fund helps")
    GROUP = "group", N_("in none of the target groups that the fund helps")
    NO_ZAKAT_GROUP = "no_zakat_group", N_("without a group entitled to zakat on file")
    ZAKAT_GROUP = "zakat_group", N_("in none of the zakat groups that the fund helps")


@dataclass(frozen=True, slots=True)
class Misfit:
    """A child whom the fund may not help, and why; ``age`` on the day where that is why."""

    child: Child
    reason: Outside
    age: int | None = None


def find_misfits(
    children: Sequence[Child],
    fund: Fund,
    rules: FundRules | None,
    on: date,
    reader: Decrypting,
    *,
    until: datetime | None = None,
) -> list[Misfit]:
    """The children whom the fund may not help on this day, each with every reason; of zakat groups
    count those that were written ``until`` then.

    Only what a rule looks at is decrypted.
    """
    misfits: list[Misfit] = []
    if rules is not None and (rules.age_from is not None or rules.age_to is not None):
        misfits += _outside_ages(children, rules, on, reader)
    if rules is not None and rules.allowed(RuleAspect.GROUP):
        misfits += _outside_groups(children, rules, on, reader)
    if fund.restriction is Restriction.ZAKAT:
        misfits += _outside_zakat(children, rules, reader, until)
    return misfits


def _outside_ages(
    children: Sequence[Child], rules: FundRules, on: date, reader: Decrypting
) -> list[Misfit]:
    found = []
    births = _read(children, "birth_on_encrypted", reader)
    for child, birth in zip(children, births, strict=True):
        age = max(0, age_on(stored_birth(birth).on, on))
        if not rules.fits_age(age):
            found.append(Misfit(child, Outside.AGE, age))
    return found


def _outside_groups(
    children: Sequence[Child], rules: FundRules, on: date, reader: Decrypting
) -> list[Misfit]:
    details = details_of(children)
    found = []
    groups_on_file = _read(children, "target_group_encrypted", reader)
    for child, name in zip(children, groups_on_file, strict=True):
        names = [name]
        row = details.get(child.id)
        if row is not None:
            known = json.loads(reader.decrypt(row, "details_encrypted", about=[child]))
            names += known.get("groups", "").split()
        # A group that speaks of health counts only with the consent to it.
        groups = [group for group in map(TargetGroup, names) if may_show_group(child, group, on)]
        if not rules.fits_groups(groups):
            found.append(Misfit(child, Outside.GROUP))
    return found


def _read(children: Sequence[Child], column: str, reader: Decrypting) -> list[str]:
    """The column of each child; the reads of all are recorded at once, with the first."""
    first = [reader.decrypt(child, column, about=children) for child in children[:1]]
    return first + [reader.decrypt(child, column, about=[child]) for child in children[1:]]


def _outside_zakat(
    children: Sequence[Child],
    rules: FundRules | None,
    reader: Decrypting,
    until: datetime | None,
) -> list[Misfit]:
    entries = zakat_entries(children, until)
    known = [child for child in children if child.id in entries]
    found = []
    for child in children:
        entry, group = entries.get(child.id), str(ZakatGroup.NONE)
        if entry is not None:
            about = known if entry is entries[known[0].id] else [child]
            group = json.loads(reader.decrypt(entry, "words_encrypted", about=about))["zakat"]
        if group == ZakatGroup.NONE:
            found.append(Misfit(child, Outside.NO_ZAKAT_GROUP))
        elif rules is not None and not rules.fits(RuleAspect.ZAKAT, group):
            found.append(Misfit(child, Outside.ZAKAT_GROUP))
    return found
