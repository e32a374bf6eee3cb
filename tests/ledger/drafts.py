"""Drafts of entries, and a fund for them; nothing here commits."""

from datetime import date

from fundapp.ids import new_public_id
from fundapp.ledger import chart
from fundapp.ledger.drafts import Draft, Line
from fundapp.ledger.models import EntryKind, Fund, Restriction
from fundapp.ledger.operations import create_fund

DAY = date(2026, 11, 24)


def open_fund(code: str = "GEN") -> Fund:
    """An unrestricted fund."""
    names = (f"กองทุน {code}", f"{code} fund", f"Tabung {code}")
    return create_fund(code=code, restriction=Restriction.UNRESTRICTED, names=names)


def gift(satang: int = 100_000, fund: str = "GEN", **changes: object) -> Draft:
    """A gift into the bank."""
    return entry(Line(fund, chart.BANK_MAIN, chart.DONATIONS_INDIVIDUALS, satang), **changes)


def spending(satang: int, fund: str = "GEN", **changes: object) -> Draft:
    """Help approved: expense against payables, by two people."""
    line = Line(fund, chart.ASSISTANCE_EDUCATION, chart.ASSISTANCE_PAYABLE, satang)
    return entry(line, kind=EntryKind.ASSISTANCE_APPROVED, checker="second", **changes)


def entry(*lines: Line, **changes: object) -> Draft:
    """An entry with a key of its own."""
    given: dict[str, object] = {
        "kind": EntryKind.DONATION,
        "entry_on": DAY,
        "memo": "เงินบริจาค",
        "source_type": "test",
        "source_ref": "1",
        "maker": "first",
        "idempotency_key": new_public_id(),
    }
    return Draft(lines=lines, **(given | changes))
