"""Closing a fiscal year: income and expenses of each fund go to its net assets; taking it back."""

from collections import defaultdict
from collections.abc import Mapping

from fundapp.access.actors import Actor
from fundapp.ledger import chart
from fundapp.ledger.drafts import EntryDraft, PostingDraft
from fundapp.ledger.models import EntryKind, Period
from fundapp.ledger.operations.entries import PostedEntry, post_entries
from fundapp.ledger.queries import balances_as_of, list_reopenings, year_end_sums
from fundapp.markers import N_

#: Memos are message ids, translated where the books are shown.
CLOSING_MEMO = N_("Closing of the fiscal year")
TAKEN_BACK_MEMO = N_("Closing of the fiscal year taken back")
#: What the entries come from; its reference is the year, as in 2569.
SOURCE_TYPE = "fiscal_year"
#: Codes of income and expenses begin with these.
_OF_THE_YEAR = ("4", "5")


def close_year(period: Period, *, actor: Actor) -> list[PostedEntry]:
    """Bring the income and expenses of every fund to zero on the last day of ``period``, which ends
    a fiscal year and is still open: one entry for each fund that has any.

    No fund's money changes: what it has available is its net assets, before and after.
    """
    left: dict[str, dict[str, int]] = defaultdict(dict)
    for (fund, account), moved in balances_as_of(period.ends_on).items():
        if account.startswith(_OF_THE_YEAR) and moved.balance_satang:
            left[fund][account] = moved.balance_satang
    return _post(period, left, CLOSING_MEMO, "close", actor)


def take_back_closing(period: Period, *, actor: Actor) -> list[PostedEntry]:
    """Undo what closed the fiscal year that ends with ``period``, which is open again."""
    moved: dict[str, dict[str, int]] = defaultdict(dict)
    sums = year_end_sums(period.ends_on, period.ends_on)
    for (_day, fund, account), (debit, credit) in sums.items():
        if account.startswith(_OF_THE_YEAR) and debit != credit:
            moved[fund][account] = debit - credit
    return _post(period, moved, TAKEN_BACK_MEMO, "open", actor)


def _post(
    period: Period, balances: Mapping[str, Mapping[str, int]], memo: str, verb: str, actor: Actor
) -> list[PostedEntry]:
    """Move each balance (debits less credits) to net assets, so that nothing of it is left."""
    times = len(list_reopenings(period.starts_on, period.starts_on))
    drafts = [
        EntryDraft(
            kind=EntryKind.YEAR_END,
            entry_on=period.ends_on,
            memo=memo,
            postings=[_moved(fund, account, satang) for account, satang in sorted(by_code.items())],
            source_type=SOURCE_TYPE,
            source_ref=str(period.fiscal_year),
            maker=actor.ref,
            idempotency_key=f"year-end:{verb}:{period.fiscal_year}:{fund}:{times}",
        )
        for fund, by_code in sorted(balances.items())
    ]
    return post_entries(drafts, actor=actor) if drafts else []


def _moved(fund: str, account: str, satang: int) -> PostingDraft:
    """What takes a balance away: a debit balance by a credit, and the other way round."""
    if satang > 0:
        return PostingDraft(fund, chart.NET_ASSETS_BROUGHT_FORWARD, account, satang)
    return PostingDraft(fund, account, chart.NET_ASSETS_BROUGHT_FORWARD, -satang)
