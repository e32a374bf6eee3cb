"""Funds and entries that are committed at once, for tests that read the books."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import time_machine
from sqlalchemy import text

from fundapp.db import db, unit_of_work
from fundapp.ledger import chart
from fundapp.ledger.chart import FundAccounts
from fundapp.ledger.drafts import FundSettings, PostingDraft
from fundapp.ledger.log.batches import seal_everything
from fundapp.ledger.models import EntryKind, Restriction
from fundapp.ledger.operations import (
    PostedEntry,
    close_period,
    create_fund,
    post_entry,
    return_gift,
    reverse_entry,
)
from tests.factories.actors import BOOKKEEPER, COMMAND_LINE
from tests.factories.ledger import DAY, entry, gift


def make_fund(
    code: str = "GENERAL",
    restriction: Restriction = Restriction.UNRESTRICTED,
    position: int = 0,
    accounts: FundAccounts | None = None,
) -> None:
    """A fund, with the usual accounts unless others are named."""
    names = (f"กองทุน {code}", f"Fund {code}", f"Dana {code}")
    unit_of_work(
        create_fund,
        code=code,
        restriction=restriction,
        settings=FundSettings(names, position=position),
        accounts=accounts,
        actor=COMMAND_LINE,
    )


def make_entry(*lines: PostingDraft, **overrides: Any) -> PostedEntry:
    """An entry of any postings; ``overrides`` replace fields of its draft."""
    return unit_of_work(post_entry, entry(*lines, **overrides), actor=BOOKKEEPER)


def make_gift(satang: int, fund: str = "GENERAL", on: date = DAY, **overrides: Any) -> PostedEntry:
    """A gift of an individual into the main bank account, or that of the override ``bank``."""
    return unit_of_work(post_entry, gift(satang, fund, entry_on=on, **overrides), actor=BOOKKEEPER)


def make_approval(
    satang: int, fund: str = "GENERAL", on: date = DAY, **overrides: Any
) -> PostedEntry:
    """Help for education, approved by a second person, not yet paid."""
    line = PostingDraft(fund, chart.ASSISTANCE_EDUCATION, chart.ASSISTANCE_PAYABLE, satang)
    fields = {"kind": EntryKind.ASSISTANCE_APPROVED, "checker": "second", "memo": "Help approved"}
    return make_entry(line, **{"entry_on": on, **fields, **overrides})


def make_payout(
    satang: int, fund: str = "GENERAL", on: date = DAY, **overrides: Any
) -> PostedEntry:
    """Approved help paid from the main bank account."""
    line = PostingDraft(fund, chart.ASSISTANCE_PAYABLE, chart.BANK_MAIN, satang)
    fields = {"kind": EntryKind.ASSISTANCE_PAID, "checker": "second", "memo": "Help paid"}
    return make_entry(line, **{"entry_on": on, **fields, **overrides})


def make_part_back(
    satang: int, source_ref: str, fund: str = "GENERAL", **overrides: Any
) -> PostedEntry:
    """A part of help of this source that was paid and came back into the main bank account."""
    line = PostingDraft(fund, chart.BANK_MAIN, chart.ASSISTANCE_EDUCATION, satang)
    fields = {"kind": EntryKind.ASSISTANCE_RETURNED, "memo": "Came back", "source_ref": source_ref}
    return make_entry(line, **{"entry_on": DAY, **fields, **overrides})


def make_return(posted: PostedEntry, on: date = DAY) -> PostedEntry:
    """The entry of a gift that the bank took back."""
    return unit_of_work(
        return_gift, posted.id, reason="The cheque was returned", entry_on=on, actor=BOOKKEEPER
    )


def close_month(day: date = DAY) -> None:
    """Close the month of ``day`` on the first of the next one; its entries were sealed."""
    month = day.replace(day=1)
    over = datetime(month.year, month.month, 1, 3, tzinfo=UTC) + timedelta(days=32)
    with time_machine.travel(over.replace(day=1), tick=False):
        seal_everything(actor=COMMAND_LINE)
        unit_of_work(close_period, day, actor=COMMAND_LINE)


def make_reversal(posted: PostedEntry, on: date = DAY, reason: str = "Booked twice") -> PostedEntry:
    """The reversal of an entry."""
    return unit_of_work(reverse_entry, posted.id, reason=reason, entry_on=on, actor=BOOKKEEPER)


def forge_entry(
    kind: str,
    *postings: tuple[str, str, int],
    fund: str = "GENERAL",
    reverses: int | None = None,
    memo: str = "'forged'",
) -> None:
    """An entry by raw SQL, as somebody at the database's prompt would write it: debit, credit and
    satang of each posting. The books hold one entry already; ``memo`` is SQL.
    """
    unit_of_work(_forge, kind, postings, fund, reverses, memo)


def _forge(
    kind: str, postings: tuple[Any, ...], fund: str, reverses: int | None, memo: str
) -> None:
    newest = db.session.scalar(text("SELECT max(id) FROM journal_entries"))
    for place, (debit, credit, satang) in enumerate(postings, start=1):
        db.session.execute(
            text(
                "INSERT INTO postings VALUES (:id, :place, :count, '2026-11-24', :fund,"
                " :debit, :credit, :satang)"
            ),
            {"id": newest + 1, "place": place, "count": len(postings), "fund": fund,
             "debit": debit, "credit": credit, "satang": satang},
        )  # fmt: skip
    db.session.execute(
        text(
            "INSERT INTO journal_entries (id, kind, entry_on, posted_at, memo, source_type,"
            " source_ref, maker, checker, receipt, private, reverses_entry_id,"
            " idempotency_key, content_hash, posting_count, total_satang, canonical, leaf_hash)"
            f" SELECT id + 1, '{kind}', '2026-11-24', posted_at, {memo}, 'x', 'x', 'a', 'b',"
            " '', '', CAST(:reverses AS bigint), 'forged', content_hash, :count, :total,"
            " canonical, leaf_hash FROM journal_entries ORDER BY id DESC LIMIT 1"
        ),
        {
            "reverses": reverses,
            "count": len(postings),
            "total": sum(satang for *_, satang in postings),
        },
    )
