"""Posting entries and reversing them. Nothing else in the program writes postings.

Posting is fixed SQL in as few round trips as the database allows: one statement on PostgreSQL,
three cheap ones on SQLite. Sealing, balances, closed months and "no overspend" are enforced by
triggers (``fundapp/ledger/sql/``), so that raw SQL meets the same rules; this module only gives
their refusals a name.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import connection_of_work, db, lock
from fundapp.errors import NotFoundError, RuleError
from fundapp.ids import new_id
from fundapp.ledger import chart, posting_sql
from fundapp.ledger.canonical import leaf_hash
from fundapp.ledger.drafts import EntryDraft, PostingDraft, public_memo, stamp
from fundapp.ledger.errors import (
    AccountShortError,
    AlreadyReversedError,
    BankAccountFrozenError,
    BudgetLineSpentError,
    FundClosedError,
    FundFrozenError,
    FundShortError,
    IdempotencyConflictError,
    InsufficientFundsError,
    MoreCameBackError,
    NotADonationError,
    OtherAccountError,
    PartCameBackError,
    PeriodClosedError,
    WaitsNoLongerError,
    YearEndError,
)
from fundapp.ledger.log.halting import require_books_as_signed
from fundapp.ledger.models import EntryKind, JournalEntry, Posting
from fundapp.ledger.policy import may_fold_balances, may_post
from fundapp.ledger.thread.steps import keep_threads
from fundapp.money import format_baht

#: Words of the database's refusals, the error for a person, and the field that it is about.
_REFUSALS: tuple[tuple[str, type[RuleError], str | None], ...] = (
    ("the fund has a shortage", FundShortError, None),
    ("ck_fund_balances_not_overspent", InsufficientFundsError, None),
    ("period is not open", PeriodClosedError, "entry_on"),
    ("the fund is closed", FundClosedError, "fund"),
    ("the fund is frozen", FundFrozenError, None),
    ("the bank account is frozen", BankAccountFrozenError, None),
    ("keeps no money in this account", OtherAccountError, "account"),
    ("the budget line has less left", BudgetLineSpentError, None),
    ("more came back than was approved", MoreCameBackError, None),
    ("a part of this help came back", PartCameBackError, None),
    ("reverses_entry_id", AlreadyReversedError, None),
)


@dataclass(frozen=True, slots=True)
class PostedEntry:
    """An entry in the books; ``replayed`` when its key had been used before."""

    id: int
    leaf_hash: bytes
    replayed: bool = False


def post_entry(draft: EntryDraft, *, actor: Actor) -> PostedEntry:
    """Post one entry. See `post_entries`."""
    return post_entries([draft], actor=actor)[0]


def post_entries(drafts: Sequence[EntryDraft], *, actor: Actor) -> list[PostedEntry]:
    """Post entries, all or none, inside the caller's unit of work; results in the order given.

    A draft whose key is known and whose content is the same gives back the first entry. Raises
    ForbiddenError, IdempotencyConflictError (same key, other content), InsufficientFundsError,
    FundShortError, FundClosedError, FundFrozenError, BankAccountFrozenError, AccountShortError,
    OtherAccountError, PeriodClosedError, BooksNotAsSignedError.
    """
    require(all(may_post(actor, draft.kind) for draft in drafts))
    require_books_as_signed()
    posted_at = clock.now()
    rows = [_EntryRow(new_id(), draft, posted_at) for draft in drafts]
    connection = connection_of_work()
    try:
        existing = posting_sql.insert_entries(connection, rows)
    except connection.dialect.loaded_dbapi.Error as error:
        refusal = _refusal(error, connection, rows)
        if refusal is None:
            raise
        raise refusal from error
    results = [_result(row, existing) for row in rows]
    # Of a key that comes twice among them the first was written, and has the id of its row.
    new = [
        (row.id, row.draft)
        for row, posted in zip(rows, results, strict=True)
        if posted.id == row.id
    ]
    keep_threads(new)
    return results


def reverse_entry(
    entry_id: int, *, reason: str, entry_on: date, digest: bytes | None = None, actor: Actor
) -> PostedEntry:
    """Undo an entry by a new one with the sides swapped, on ``entry_on``; once at most.

    ``digest`` is that of words about it that are kept elsewhere; the entry carries it as
    ``private``, in Base64.

    Raises NotFoundError, AlreadyReversedError, InsufficientFundsError when the money is already
    spent, AccountShortError when it is no longer where it was, and YearEndError for the closing of
    a fiscal year.
    """
    private = base64.b64encode(digest).decode() if digest else ""
    return _post_mirror(entry_id, EntryKind.REVERSAL, reason, entry_on, actor, private)


def return_gift(entry_id: int, *, reason: str, entry_on: date, actor: Actor) -> PostedEntry:
    """Undo a donation that the bank took back, on ``entry_on``; once at most.

    It is booked even when the money is spent: what is missing is the fund's shortage. Raises
    NotFoundError, NotADonationError, AlreadyReversedError and PeriodClosedError.
    """
    return _post_mirror(entry_id, EntryKind.GIFT_RETURNED, reason, entry_on, actor)


def refund_gift(
    entry_id: int, *, reason: str, entry_on: date, asked_by: str, actor: Actor
) -> PostedEntry:
    """Undo a donation that ``actor`` decided to give back, as ``asked_by`` (a public id) asked;
    once at most. The money stays where it is, and is owed to the giver until it is paid.

    Raises NotFoundError, NotADonationError, AlreadyReversedError, InsufficientFundsError,
    FundShortError and PeriodClosedError.
    """
    return _post_mirror(
        entry_id,
        EntryKind.GIFT_REFUNDED,
        reason,
        entry_on,
        actor,
        asked_by=asked_by,
        to_account=chart.REFUNDS_PAYABLE,
    )


def _post_mirror(
    entry_id: int,
    kind: EntryKind,
    reason: str,
    entry_on: date,
    actor: Actor,
    private: str = "",
    asked_by: str = "",
    to_account: str = "",
) -> PostedEntry:
    """Post the entry with the sides of its postings swapped, the last one first; to ``to_account``
    instead of where its money went, and asked for by another person, when that is given.
    """
    entry = lock(select(JournalEntry).where(JournalEntry.id == entry_id))
    if entry is None:
        raise NotFoundError
    gifts = (EntryKind.GIFT_RETURNED, EntryKind.GIFT_REFUNDED)
    if kind in gifts and entry.kind is not EntryKind.DONATION:
        raise NotADonationError
    if entry.kind is EntryKind.YEAR_END:
        raise YearEndError
    reversed_by = select(JournalEntry.id).where(JournalEntry.reverses_entry_id == entry_id)
    if db.session.scalar(reversed_by) is not None:
        raise AlreadyReversedError
    postings = db.session.scalars(
        select(Posting).where(Posting.entry_id == entry_id).order_by(Posting.position.desc())
    )
    draft = EntryDraft(
        kind=kind,
        entry_on=entry_on,
        memo=public_memo(reason),
        postings=[
            PostingDraft(
                p.fund_code,
                p.credit_account_code,
                to_account or p.debit_account_code,
                p.amount_satang,
            )
            for p in postings
        ],
        source_type=entry.source_type,
        source_ref=entry.source_ref,
        maker=asked_by or actor.ref,
        checker=actor.ref if asked_by else "",
        private=private,
        idempotency_key=f"reversal:{entry_id}",
        reverses_entry_id=entry_id,
    )
    return post_entry(draft, actor=actor)


def fold_balances(*, actor: Actor) -> None:
    """Fold waiting balance deltas into the balance rows (PostgreSQL; nothing to do on SQLite).

    It changes no balance that anybody reads, so it leaves no trail. Raises ForbiddenError.
    """
    require(may_fold_balances(actor))
    posting_sql.fold_balances(connection_of_work())


class _EntryRow:
    """A draft with its id and bytes; what the SQL statements take their parameters from."""

    __slots__ = ("canonical", "content_hash", "draft", "id", "leaf_hash", "posted_at")

    def __init__(self, entry_id: int, draft: EntryDraft, posted_at: datetime) -> None:
        # The memo is the only free text; refusing here keeps personal data out of what cannot be
        # erased.
        memo = public_memo(draft.memo)
        self.draft = draft if memo == draft.memo else replace(draft, memo=memo)
        self.id = entry_id
        self.posted_at = posted_at
        content = self.draft.content()
        self.content_hash = hashlib.sha256(content).digest()
        self.canonical = stamp(content, entry_id, posted_at)
        self.leaf_hash = leaf_hash(self.canonical)


def _result(row: _EntryRow, existing: dict[str, posting_sql.ExistingEntry]) -> PostedEntry:
    first = existing.get(row.draft.idempotency_key)
    if first is None:
        return PostedEntry(row.id, row.leaf_hash)
    if first.content_hash != row.content_hash:
        raise IdempotencyConflictError
    return PostedEntry(first.id, first.leaf_hash, replayed=True)


def _refusal(
    error: Exception, connection: Connection, rows: Sequence[_EntryRow]
) -> Exception | None:
    text = str(error)
    if "less waits there" in text:
        return WaitsNoLongerError()
    if "the account holds less" in text:
        account, satang = posting_sql.short_account(connection, error, rows)
        return AccountShortError(params={"account": account, "held": format_baht(satang)})
    for words, refusal, field in _REFUSALS:
        if words in text:
            return refusal(field=field)
    return None
