"""What a spreadsheet would bring, row by row: whom it names, what is known, what is wrong.

The preview and the import itself make the same plan, so what comes in is what was shown.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from sqlalchemy import select

from fundapp import clock
from fundapp.crypto import keyring
from fundapp.db import db
from fundapp.errors import DomainError
from fundapp.giving import policy
from fundapp.giving.donor_names import name_key
from fundapp.giving.drafts import OlderPledge
from fundapp.giving.errors import FundClosedToGiftsError
from fundapp.giving.imports.columns import Column, ColumnMapping
from fundapp.giving.imports.queries import (
    find_by_contact,
    find_details_of,
    find_donors,
    find_marks,
    find_merges,
    find_tags,
)
from fundapp.giving.imports.rows import DonorFacts, ImportRow, read_rows
from fundapp.giving.imports.steps import check_pledge, merged_facts, older_pledge
from fundapp.giving.models import (
    Donor,
    DonorKind,
    MatchMode,
)
from fundapp.giving.older_gifts import check_rows, new_rows
from fundapp.giving.queries.older_gifts import imported_gifts, list_open_months
from fundapp.giving.receipts.content import Payer
from fundapp.ledger.models import Fund
from fundapp.markers import N_
from fundapp.spreadsheets.reading import Sheet
from fundapp.spreadsheets.rows import RowProblem, problem_rows
from fundapp.thai.folding import fold_text

#: The columns of what the import of older gifts names in its errors.
_COLUMNS = {
    "number": Column.GIFT_NUMBER,
    "received_on": Column.GIFT_DAY,
    "fund": Column.FUND,
    "instalments": Column.PLEDGE_COUNT,
}
_DIGESTS = "import_marks.digest"
#: Facts that rows have only lately.
_SINCE = frozenset({"address", "tax_id", "is_anonymous"})

_SEVERAL = N_("Several donors have this name and address. Decide on the duplicates first.")
_OTHER_NAME = N_("Row %(row)s has the same number with another name.")
_NUMBER_TAKEN = N_("The donor with this number has another name here: %(name)s.")
_TWICE = N_("This number comes twice; first in row %(row)s.")


@dataclass(slots=True)
class PlannedDonor:
    """A donor of the file, with its rows: known (``donor``) or new."""

    facts: DonorFacts
    rows: list[ImportRow]
    donor: Donor | None = None
    #: Of a known donor: what would be filled in.
    fills: dict[str, str] = field(default_factory=dict)
    new_tags: tuple[str, ...] = ()
    #: The address and tax number that its receipts are to carry, where the file brings some.
    details: Payer | None = None
    #: With the mode that adds nothing: a donor that is not known is left out.
    is_left_out: bool = False

    @property
    def brings_something(self) -> bool:
        """Whether the file says something of the donor that was not known."""
        return bool(self.fills or self.new_tags or self.details)


@dataclass(frozen=True, slots=True)
class PlannedGift:
    """A past gift that is new."""

    planned: PlannedDonor
    pledge: OlderPledge


@dataclass(frozen=True, slots=True)
class PlannedPledge:
    """A pledge that is new; ``key`` is that of the form it could have been sent with."""

    planned: PlannedDonor
    row: ImportRow
    key: str


@dataclass(slots=True)
class Plan:
    """All that an import would do. ``marks`` are the digests that it would leave, by donor."""

    mode: MatchMode
    problems: list[RowProblem]
    donors: list[PlannedDonor] = field(default_factory=list)
    gifts: list[PlannedGift] = field(default_factory=list)
    pledges: list[PlannedPledge] = field(default_factory=list)
    marks: list[tuple[bytes, PlannedDonor]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    #: Satang by fund and account into which past gifts would be booked, and their days.
    booked: Counter[tuple[str, str]] = field(default_factory=Counter)
    days: list[date] = field(default_factory=list)

    @property
    def gifts_satang(self) -> int:
        """What would be booked."""
        return sum(self.booked.values())

    @property
    def brings_nothing(self) -> bool:
        """Whether everything is known already."""
        return not any(self.counts[name] for name in ("new", "completed", "gifts", "pledges"))

    def version(self, file_sha256: bytes, mapping: ColumnMapping) -> str:
        """What the preview showed, as a text to compare: of the file, the columns, what it would
        bring, and who of its donors is known.
        """
        content = [
            file_sha256.hex(),
            self.mode,
            mapping.as_json(),
            sorted(self.counts.items()),
            sorted(self.booked.items()),
            [each.donor.public_id if each.donor else "" for each in self.donors],
        ]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def make_plan(sheet: Sheet, mapping: ColumnMapping, mode: MatchMode) -> Plan:
    """What the sheet would bring, read with these columns."""
    return _Planner(sheet, mapping, mode).make()


class _Planner:
    """Makes one plan; all look-ups are of many rows at once."""

    def __init__(self, sheet: Sheet, mapping: ColumnMapping, mode: MatchMode) -> None:
        self.mode, self.count = mode, len(sheet.rows)
        self.funds = {fund.code: fund for fund in db.session.scalars(select(Fund))}
        names = {
            fold_text(name): fund.code
            for fund in self.funds.values()
            for name in (fund.code, fund.name_th, fund.name_en, fund.name_ms)
        }
        self.rows, problems = read_rows(sheet, mapping, names)
        self.plan = Plan(mode, problems)
        self.merged_into: set[int] = set()

    def make(self) -> Plan:
        """The plan."""
        planned = self._gather()
        known_rows = self._known_marks(self.row_digests.values())
        self._find(planned, known_rows)
        for each in planned:
            self._settle(each)
        self._plan_details()
        if self.mode is not MatchMode.COMPLETE:
            self._plan_gifts()
            self._plan_pledges(known_rows)
            self._plan_marks(known_rows)
        self._count()
        return self.plan

    # ------------------------------------------------------------------------------- whose rows

    @cached_property
    def row_digests(self) -> dict[int, bytes]:
        """The keyed hash of what each row says, by its number; equal rows are told apart by which
        of them they are.
        """
        seen: Counter[str] = Counter()
        texts = []
        for row in self.rows:
            text = json.dumps([row.donor, row.gift, row.pledge], default=_plain)
            seen[text] += 1
            texts.append(f"row\x1f{text}\x1f{seen[text]}")
        digests = keyring().lookups(texts, _DIGESTS)
        return {row.number: digest for row, digest in zip(self.rows, digests, strict=True)}

    def _gather(self) -> list[PlannedDonor]:
        """The donors of the file, each with its rows; facts come from the first row that has
        them.
        """
        found: dict[tuple[str, ...], PlannedDonor] = {}
        for row in self.rows:
            planned = found.get(row.donor.key)
            if planned is None:
                found[row.donor.key] = PlannedDonor(row.donor, [row])
            elif name_key(planned.facts.name) != name_key(row.donor.name):
                self._say(row, Column.DONOR_NUMBER, _OTHER_NAME, row=planned.rows[0].number)
            else:
                planned.facts = merged_facts(planned.facts, row.donor)
                planned.rows.append(row)
        return list(found.values())

    def _find(self, planned: Sequence[PlannedDonor], known_rows: Mapping[bytes, int]) -> None:
        """Find the donors that are known: of a row that was taken over before, the donor that it
        became; else by name with address or phone, and by their number in an earlier import.
        """
        named = [each for each in planned if each.facts.name]
        by_contact = find_by_contact(each.facts for each in named)
        numbers = [each.facts.number for each in named]
        digests = keyring().lookups([f"donor\x1f{number}" for number in numbers], _DIGESTS)
        known_numbers = self._known_marks(
            digest for digest, number in zip(digests, numbers, strict=True) if number
        )
        donor_ids: dict[int, int] = {}
        for each, digest in zip(named, digests, strict=True):
            marks = (self.row_digests[row.number] for row in each.rows)
            found = {known_rows[mark] for mark in marks if mark in known_rows}
            if not found:
                found = _candidates(each.facts, by_contact)
                found |= {known_numbers[digest]} if digest in known_numbers else set()
            if len(found) > 1:
                self._say(each.rows[0], Column.NAME, _SEVERAL)
            elif found:
                donor_ids[id(each)] = found.pop()
            if each.facts.number and digest not in known_numbers:
                self.plan.marks.append((digest, each))
        donors = find_donors(set(donor_ids.values()))
        for each in named:
            each.donor = donors.get(donor_ids.get(id(each), 0))

    def _settle(self, each: PlannedDonor) -> None:
        """What happens to one donor of the file."""
        facts, donor = each.facts, each.donor
        if donor is None:
            each.is_left_out = self.mode is MatchMode.COMPLETE
        elif self._is_another(facts, donor):
            self._say(each.rows[0], Column.DONOR_NUMBER, _NUMBER_TAKEN, name=donor.name)
        elif self.mode is not MatchMode.ADD:
            for name in ("email", "phone"):
                value = getattr(facts, name)
                if value and getattr(donor, name) is None:
                    each.fills[name] = value
        self.plan.donors.append(each)

    def _plan_details(self) -> None:
        """What receipts are to carry; of a known donor only what was not known."""
        told = [each for each in self.plan.donors if each.facts.address or each.facts.tax_id]
        ids = {each.donor.id for each in told if each.donor is not None}
        known = find_details_of(ids)
        for each in told:
            if each.donor is not None and self.mode is MatchMode.ADD:
                continue
            had = known.get(each.donor.id, Payer()) if each.donor is not None else Payer()
            wanted = Payer("", had.address or each.facts.address, had.tax_id or each.facts.tax_id)
            each.details = wanted if wanted != had else None

    def _is_another(self, facts: DonorFacts, donor: Donor) -> bool:
        """Whether a donor that was found by its number has another name. One into which others were
        merged may have theirs.
        """
        has_merged = donor.id in self.merged_into
        return bool(facts.number) and not has_merged and name_key(facts.name) != donor.name_key

    # ------------------------------------------------------------------------- gifts and pledges

    def _plan_gifts(self) -> None:
        """Past gifts, checked one by one as the import of older gifts does."""
        given = [
            (each, row, older_pledge(row, each.facts.kind))
            for each in self.plan.donors
            for row in each.rows
            if row.gift is not None
        ]
        given.sort(key=lambda each: each[1].number)
        imported = imported_gifts([pledge for _each, _row, pledge in given])
        open_months, today = list_open_months(), clock.today()
        first: dict[str, int] = {}
        for each, row, pledge in given:
            number = pledge.gifts[0].number
            if number in first:
                self._say(row, Column.GIFT_NUMBER, _TWICE, row=first[number])
                continue
            first[number] = row.number
            try:
                new = new_rows([pledge], imported)
                check_rows(new, fund_codes=self.funds, open_months=open_months, today=today)
            except DomainError as error:
                self._say_error(row, Column.GIFT_AMOUNT, error)
                continue
            if new:
                self._plan_gift(each, row, pledge)
            else:
                self.plan.counts["gifts_known"] += 1

    def _plan_gift(self, each: PlannedDonor, row: ImportRow, pledge: OlderPledge) -> None:
        accounts = policy.asset_accounts(self.funds[pledge.fund_code], pledge.method)
        if not accounts:
            self._say_error(row, Column.FUND, FundClosedToGiftsError())
            return
        self.plan.gifts.append(PlannedGift(each, pledge))
        self.plan.booked[pledge.fund_code, accounts[0]] += pledge.amount_satang
        self.plan.days.append(pledge.starts_on)

    def _plan_pledges(self, known_rows: Mapping[bytes, int]) -> None:
        for each in self.plan.donors:
            for row in each.rows:
                if row.pledge is None:
                    continue
                digest = self.row_digests[row.number]
                if digest in known_rows:
                    self.plan.counts["pledges_known"] += 1
                    continue
                try:
                    check_pledge(row, self.funds)
                except DomainError as error:
                    self._say_error(row, Column.PLEDGE_AMOUNT, error)
                else:
                    self.plan.pledges.append(PlannedPledge(each, row, f"import:{digest.hex()}"))

    def _plan_marks(self, known_rows: Mapping[bytes, int]) -> None:
        """What is left behind, so that no row is taken over twice."""
        for each in self.plan.donors:
            for row in each.rows:
                digest = self.row_digests[row.number]
                if digest not in known_rows and each.facts.name:
                    self.plan.marks.append((digest, each))

    # ----------------------------------------------------------------------------------- the rest

    def _count(self) -> None:
        tags = find_tags(each.donor.id for each in self.plan.donors if each.donor is not None)
        for each in self.plan.donors:
            had = tags.get(each.donor.id, frozenset()) if each.donor is not None else frozenset()
            if each.donor is None or self.mode is not MatchMode.ADD:
                each.new_tags = tuple(tag for tag in each.facts.tags if tag not in had)
        counts = self.plan.counts
        named = [each for each in self.plan.donors if each.facts.name]
        counts["rows"] = self.count
        counts["new"] = sum(each.donor is None and not each.is_left_out for each in named)
        counts["left_out"] = sum(each.is_left_out for each in named)
        counts["completed"] = sum(
            each.donor is not None and each.brings_something for each in named
        )
        counts["known"] = sum(each.donor is not None for each in named) - counts["completed"]
        counts["gifts"], counts["pledges"] = len(self.plan.gifts), len(self.plan.pledges)
        counts["wrong"] = problem_rows(self.plan.problems)
        self.plan.problems.sort(key=lambda problem: problem.row)

    def _known_marks(self, digests: Iterable[bytes]) -> dict[bytes, int]:
        """The donors that these digests became, or were merged into."""
        found = find_marks(list(digests))
        merged = find_merges(set(found.values()))
        self.merged_into |= set(merged.values())
        return {digest: merged.get(donor_id, donor_id) for digest, donor_id in found.items()}

    def _say(self, at: ImportRow, column: Column, sentence: str, **params: object) -> None:
        self.plan.problems.append(RowProblem(at.number, column, sentence, params))

    def _say_error(self, row: ImportRow, column: Column, error: DomainError) -> None:
        # The row of a batch of one says nothing here.
        params = {**error.params, "row": row.number}
        named = _COLUMNS.get(error.field or "", column)
        self.plan.problems.append(RowProblem(row.number, named, error.message, params))


def _plain(value: object) -> object:
    """Facts and days as JSON has them. What rows said nothing of before is left out where it is
    empty, so that a row which was taken over then is known again.
    """
    slots = getattr(type(value), "__slots__", None)
    if slots and not isinstance(value, date):
        told = [getattr(value, name) for name in slots if name not in _SINCE]
        since = [[name, getattr(value, name)] for name in slots if name in _SINCE]
        return told + [each for each in since if each[1]]
    return str(value)


def _candidates(
    facts: DonorFacts, by_contact: Mapping[tuple[str, str], set[tuple[int, DonorKind]]]
) -> set[int]:
    """Who has the name and the address or phone, of the kind that the file says."""
    key = name_key(facts.name)
    rows = {
        each
        for contact in (facts.email, facts.phone)
        if contact
        for each in by_contact.get((key, contact), ())
    }
    return {donor_id for donor_id, kind in rows if facts.kind in (None, kind)}
