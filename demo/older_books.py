"""What a larger demo takes over from older books, before the first bank statement (pure)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from demo import funds, names
from demo.sizes import Size
from demo.years import Span
from fundapp.giving.schedule import add_months
from fundapp.ledger.models import EntryKind

#: Entries of one unit of work.
BATCH = 1000
#: Instalments of each pledge that is taken over; all of them are paid.
INSTALMENTS = 10
_AMOUNTS = (10_000, 20_000, 30_000, 50_000, 100_000)
_FUNDS = (funds.GENERAL, funds.EDUCATION, funds.EARLY, funds.ZAKAT, funds.SADAQAH)


@dataclass(frozen=True, slots=True)
class OldPledge:
    """A fulfilled pledge of the older books: ten months of the same gift."""

    number: int
    donor_name: str
    fund: str
    satang: int
    starts_on: date


@dataclass(frozen=True, slots=True)
class OldEntry:
    """An entry of the older books, three of each: a gift, help approved, help paid."""

    number: int
    kind: EntryKind
    fund: str
    satang: int
    entry_on: date


@dataclass(frozen=True, slots=True)
class Bulk:
    """What is taken over: how much, when, and what it brings into each bank account."""

    span: Span
    payments: int
    plain_entries: int
    banked: Mapping[str, int]

    @property
    def entries(self) -> int:
        """How many entries the books gain."""
        return self.payments + self.plain_entries


def plan_bulk(span: Span, size: Size) -> Bulk:
    """What a size adds; nothing for a small one."""
    payments = size.further_payments // INSTALMENTS * INSTALMENTS
    plain = size.further_entries // BATCH * BATCH
    banked: dict[str, int] = defaultdict(int)
    for pledge in old_pledges(span, payments):
        banked[funds.bank_of(pledge.fund).code] += pledge.satang * INSTALMENTS
    for entry in old_entries(span, plain):
        if entry.kind is EntryKind.DONATION:
            banked[funds.bank_of(entry.fund).code] += entry.satang
        elif entry.kind is EntryKind.ASSISTANCE_PAID:
            banked[funds.bank_of(entry.fund).code] -= entry.satang
    return Bulk(span, payments, plain, banked)


def old_pledges(span: Span, payments: int) -> Iterator[OldPledge]:
    """The pledges behind so many payments; each lies before the first statement."""
    rng = Random("yala:pledges")  # noqa: S311 - a story, not a secret
    latest = add_months(span.statements_from, -INSTALMENTS)
    days = max(1, (latest - span.first).days)
    for number in range(payments // INSTALMENTS):
        starts_on = span.first + timedelta(days=rng.randrange(days))
        name = names.person(rng).full
        yield OldPledge(number, name, rng.choice(_FUNDS), rng.choice(_AMOUNTS), starts_on)


def old_entries(span: Span, count: int) -> Iterator[OldEntry]:
    """Gifts first, then help for less than they brought, in each batch."""
    rng = Random("yala:entries")  # noqa: S311 - a story, not a secret
    days = (span.statements_from - span.first).days
    for number in range(count):
        fund, place = _FUNDS[number % len(_FUNDS)], number % BATCH
        entry_on = span.first + timedelta(days=number * 7919 % days)
        if place < BATCH * 6 // 10:
            yield OldEntry(number, EntryKind.DONATION, fund, rng.choice(_AMOUNTS), entry_on)
        elif place < BATCH * 8 // 10:
            last_day = span.statements_from - timedelta(days=2)
            yield OldEntry(number, EntryKind.ASSISTANCE_APPROVED, fund, 10_000, last_day)
        else:
            last_day = span.statements_from - timedelta(days=1)
            yield OldEntry(number, EntryKind.ASSISTANCE_PAID, fund, 10_000, last_day)
