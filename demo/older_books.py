"""The older books that a larger demo imports, all before the first statement (pure)."""

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter
from random import Random

from demo import funds, names
from demo.dates import Span
from demo.sizes import Size
from fundapp.access.actors import COMMAND_LINE
from fundapp.giving.drafts import OlderGift, OlderPledge
from fundapp.giving.models import Frequency, Method
from fundapp.giving.schedule import add_months
from fundapp.ledger import chart
from fundapp.ledger.drafts import EntryDraft, PostingDraft
from fundapp.ledger.models import EntryKind
from fundapp.markers import N_

#: Entries of one unit of work.
BATCH = 1000
#: Instalments of each pledge, all of them paid on their due dates.
INSTALMENTS = 10
_MEMO = N_("Taken over from older books")
_AMOUNTS = (10_000, 20_000, 30_000, 50_000, 100_000)
_HELP_SATANG = 100_000
#: Help is spread over the last of the days: gifts come before it.
_HELP_DAYS = 300
FUND_CODES = (funds.GENERAL, funds.EDUCATION, funds.EARLY, funds.ZAKAT, funds.SADAQAH)


@dataclass(frozen=True, slots=True)
class OlderBooks:
    """How much is imported, and what it brings into each bank account (satang)."""

    span: Span
    payments: int
    plain_entries: int
    banked: Mapping[str, int]

    @property
    def entries(self) -> int:
        """How many entries the books gain."""
        return self.payments + self.plain_entries


def plan_older_books(span: Span, size: Size) -> OlderBooks:
    """What a size imports; nothing for a small one."""
    payments = size.older_payments // INSTALMENTS * INSTALMENTS
    plain_entries = size.older_entries // BATCH * BATCH
    banked: dict[str, int] = defaultdict(int)
    for pledge in older_pledges(span, payments):
        banked[funds.bank_of(pledge.fund_code).code] += pledge.amount_satang
    for draft in older_entries(span, plain_entries):
        (posting,) = draft.postings
        account = funds.bank_of(posting.fund)
        if posting.debit == account.account_code:
            banked[account.code] += posting.satang
        elif posting.credit == account.account_code:
            banked[account.code] -= posting.satang
    return OlderBooks(span, payments, plain_entries, banked)


def older_pledges(span: Span, payments: int) -> list[OlderPledge]:
    """The pledges behind so many payments, in the order of time: each the same amount in ten
    months.
    """
    rng = Random("yala:pledges")  # noqa: S311 - invented pledges, not a secret
    latest = add_months(span.statements_from, -INSTALMENTS)
    days = max(1, (latest - span.first).days)
    pledges = [
        _pledge(rng, number, span.first + timedelta(days=rng.randrange(days)))
        for number in range(payments // INSTALMENTS)
    ]
    return sorted(pledges, key=lambda pledge: pledge.starts_on)


def _pledge(rng: Random, number: int, starts_on: date) -> OlderPledge:
    donor_name = names.person(rng).full
    fund, satang = rng.choice(FUND_CODES), rng.choice(_AMOUNTS)
    return OlderPledge(
        fund_code=fund,
        frequency=Frequency.MONTHLY,
        starts_on=starts_on,
        method=Method.TRANSFER,
        gifts=tuple(
            OlderGift(f"{number}-{month + 1}", satang, add_months(starts_on, month))
            for month in range(INSTALMENTS)
        ),
        donor_name=donor_name,
        donor_email=f"giver-{number:06d}@example.org",
    )


def older_entries(
    span: Span, count: int, fund_codes: Collection[str] = FUND_CODES
) -> Iterator[EntryDraft]:
    """Entries without donors, in the order of time, as older books have them: a database then
    writes side by side what belongs side by side. Of the ``count`` entries those of these funds;
    those of a fund need nothing of another.

    Eight of ten are gifts; help is approved in the last of the days, and paid for less a day later.
    """
    days = (span.statements_from - span.first).days
    helped_from = span.statements_from - timedelta(days=_HELP_DAYS + 1)
    each = count // 10
    kinds = (
        _in_order(EntryKind.DONATION, count - 2 * each, span.first, days),
        _in_order(EntryKind.ASSISTANCE_APPROVED, each, helped_from, _HELP_DAYS),
        _in_order(EntryKind.ASSISTANCE_PAID, each, helped_from + timedelta(days=1), _HELP_DAYS),
    )
    for day, kind, number in heapq.merge(*kinds, key=itemgetter(0)):
        fund = FUND_CODES[number % len(FUND_CODES)]
        if fund in fund_codes:
            yield _entry(number, kind, fund, day)


def _in_order(
    kind: EntryKind, count: int, first: date, days: int
) -> Iterator[tuple[date, EntryKind, int]]:
    """So many entries of a kind, spread evenly over the days."""
    return (
        (first + timedelta(days=number * days // count), kind, number) for number in range(count)
    )


def _entry(number: int, kind: EntryKind, fund: str, day: date) -> EntryDraft:
    bank = funds.bank_of(fund).account_code
    income = chart.ZAKAT_RECEIVED if fund == funds.ZAKAT else chart.DONATIONS_INDIVIDUALS
    debit, credit, satang = {
        EntryKind.DONATION: (bank, income, _AMOUNTS[number // len(FUND_CODES) % len(_AMOUNTS)]),
        EntryKind.ASSISTANCE_APPROVED: (
            chart.ASSISTANCE_EDUCATION,
            chart.ASSISTANCE_PAYABLE,
            _HELP_SATANG,
        ),
        EntryKind.ASSISTANCE_PAID: (chart.ASSISTANCE_PAYABLE, bank, _HELP_SATANG),
    }[kind]
    ref = f"{kind}-{number}"
    return EntryDraft(
        kind=kind,
        entry_on=day,
        memo=_MEMO,
        postings=[PostingDraft(fund, debit, credit, satang)],
        source_type="older_books",
        source_ref=ref,
        maker=COMMAND_LINE.ref,
        checker="" if kind is EntryKind.DONATION else f"{COMMAND_LINE.ref}-second",
        idempotency_key=f"demo:older:{ref}",
    )
