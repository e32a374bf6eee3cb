"""The rows of what receipts say, made when they are issued."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from fundapp import clock
from fundapp.children.encryption import encrypt
from fundapp.db import connection_of_work, db
from fundapp.giving.models import EDonationState, ReceiptContent
from fundapp.giving.receipts.content import TEMPLATE, ReceiptFacts, freeze
from fundapp.giving.receipts.queries import short_leaf
from fundapp.ledger.models import Fund, JournalEntry, TaxWording

#: How many journal entries are looked up in one statement.
_ENTRIES_AT_ONCE = 500


def contents_of(issued: Sequence[tuple[int, Fund, ReceiptFacts]]) -> list[dict[str, Any]]:
    """The rows of the contents of receipts, in the order given: id of the receipt, its fund, what
    it is about. Their journal entries are posted.
    """
    leaves = _leaves({facts.entry_id for _id, _fund, facts in issued})
    wordings = _wordings({each.code for _id, fund, facts in issued for each in _funds(fund, facts)})
    rows = []
    for receipt_id, fund, facts in issued:
        of_funds = [
            wordings[each.code, facts.wording_number or each.tax_wording_number]
            for each in _funds(fund, facts)
        ]
        data, content_hash = freeze(facts, fund, of_funds, leaf=leaves[facts.entry_id])
        rows.append(_row(receipt_id, data, content_hash))
    return rows


def e_donations_of(
    issued: Sequence[tuple[int, Fund, ReceiptFacts]], *, marked_by: str
) -> list[dict[str, Any]]:
    """The rows of those receipts whose tax wording makes their gifts deductible, to all of their
    funds: to be entered in e-Donation. A gift without a name cannot be.
    """
    wordings = _wordings({each.code for _id, fund, facts in issued for each in _funds(fund, facts)})
    now = clock.now()
    return [
        {
            "receipt_id": receipt_id,
            "state": EDonationState.TO_ENTER,
            "number": "",
            "marked_by": marked_by,
            "marked_at": now,
        }
        for receipt_id, fund, facts in issued
        if facts.payer.name
        and all(
            wordings[each.code, each.tax_wording_number].is_deductible
            for each in _funds(fund, facts)
        )
    ]


def _funds(fund: Fund, facts: ReceiptFacts) -> list[Fund]:
    """The funds that the gift went to; ``fund`` is the one that the row of the receipt names."""
    return [each for each, _satang in facts.parts] or [fund]


def _row(receipt_id: int, data: bytes, content_hash: bytes) -> dict[str, Any]:
    """The row of one content."""
    text = data.decode("utf-8")
    return {
        "id": receipt_id,
        "template": TEMPLATE,
        "content_encrypted": encrypt(ReceiptContent, "content_encrypted", receipt_id, text),
        "content_hash": content_hash,
    }


def _leaves(entry_ids: Iterable[int]) -> dict[int, str]:
    """The check codes of journal entries, as receipts print them."""
    ids, found = sorted(entry_ids), {}
    for start in range(0, len(ids), _ENTRIES_AT_ONCE):
        some = ids[start : start + _ENTRIES_AT_ONCE]
        statement = select(JournalEntry.id, JournalEntry.leaf_hash).where(JournalEntry.id.in_(some))
        for entry_id, leaf in connection_of_work().execute(statement):
            found[entry_id] = short_leaf(bytes(leaf))
    return found


def _wordings(fund_codes: Iterable[str]) -> dict[tuple[str, int], TaxWording]:
    statement = select(TaxWording).where(TaxWording.fund_code.in_(sorted(fund_codes)))
    return {(row.fund_code, row.number): row for row in db.session.scalars(statement)}
