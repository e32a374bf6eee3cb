"""Funds and drafts of entries; the test passes them to `unit_of_work`."""

import itertools
from datetime import date
from typing import Any

from fundapp.ledger import chart
from fundapp.ledger.drafts import EntryDraft, FundSettings, PostingDraft
from fundapp.ledger.models import EntryKind, Fund, Restriction
from fundapp.ledger.operations import create_fund
from tests.factories.actors import COMMAND_LINE

DAY = date(2026, 11, 24)
_numbers = itertools.count(1)


def make_fund(code: str = "GEN", restriction: Restriction = Restriction.UNRESTRICTED) -> Fund:
    """A fund; call it inside a unit of work."""
    return create_fund(
        code=code,
        restriction=restriction,
        settings=FundSettings((f"กองทุน {code}", f"Fund {code}", f"Dana {code}")),
        actor=COMMAND_LINE,
    )


def entry(*postings: PostingDraft, **overrides: Any) -> EntryDraft:
    """The draft of an entry with a key of its own."""
    number = next(_numbers)
    fields: dict[str, Any] = {
        "kind": EntryKind.DONATION,
        "entry_on": DAY,
        "memo": "Gift",
        "source_type": "test",
        "source_ref": f"t-{number}",
        "maker": "first",
        "idempotency_key": f"test:{number}",
        **overrides,
    }
    return EntryDraft(postings=postings, **fields)


def gift(
    satang: int = 100_000, fund: str = "GEN", bank: str = chart.BANK_MAIN, **overrides: Any
) -> EntryDraft:
    """The draft of a gift into a bank account, the main one unless another is named."""
    return entry(PostingDraft(fund, bank, chart.DONATIONS_INDIVIDUALS, satang), **overrides)


def spending(satang: int = 100_000, fund: str = "GEN", **overrides: Any) -> EntryDraft:
    """The draft of approved help."""
    line = PostingDraft(fund, chart.ASSISTANCE_LIVING, chart.ASSISTANCE_PAYABLE, satang)
    fields = {"kind": EntryKind.ASSISTANCE_APPROVED, "checker": "second", "memo": "Help approved"}
    return entry(line, **{**fields, **overrides})
