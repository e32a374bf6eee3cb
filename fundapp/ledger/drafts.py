"""Journal entries before they are posted: plain values, and the forms in which they are hashed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fundapp.clock import iso
from fundapp.ids import from_readable, readable
from fundapp.ledger.canonical import VERSION, all_quoted, clean_text
from fundapp.ledger.errors import PersonalDataError
from fundapp.ledger.models import EntryKind
from fundapp.ledger.personal_data import SENTENCES, find_personal_data

_ENTRY_PREFIX = "JE"


def entry_number(entry_id: int) -> str:
    """The public number of an entry: JE and 13 characters."""
    return readable(entry_id, _ENTRY_PREFIX)


def entry_id_of(number: str) -> int | None:
    """The id behind a public entry number, or None."""
    return from_readable(number, _ENTRY_PREFIX)


@dataclass(frozen=True, slots=True)
class PostingDraft:
    """One posting to be: ``satang`` (> 0) of ``fund`` from the account ``credit`` to ``debit``, by
    code.
    """

    fund: str
    debit: str
    credit: str
    satang: int


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """One entry to be. ``source_ref`` and ``maker`` are public ids; ``memo`` carries no personal
    data.
    """

    kind: EntryKind
    entry_on: date
    memo: str
    postings: Sequence[PostingDraft]
    source_type: str
    source_ref: str
    maker: str
    idempotency_key: str
    checker: str = ""
    receipt: str = ""
    private: str = ""
    reverses_entry_id: int | None = None

    @property
    def total_satang(self) -> int:
        """The sum of the postings."""
        return sum(posting.satang for posting in self.postings)

    def content(self) -> bytes:
        """Canonical bytes of everything the caller gives, number and instant left empty.

        Their SHA-256 is the content hash: the same key must always come with the same content.
        ValueError for text that the form does not allow.
        """
        # The form written out, key by key in its order: three times as fast as an encoder.
        texts = [self.checker, self.maker, self.memo, self.private, self.receipt]
        texts += (self.source_ref, self.source_type)
        for posting in self.postings:
            texts += (posting.credit, posting.debit, posting.fund)
        checker, maker, memo, private, receipt, ref, type_, *codes = all_quoted(texts)
        postings = [
            f'{{"credit":{codes[at]},"debit":{codes[at + 1]},"fund":{codes[at + 2]},'
            f'"satang":"{posting.satang:d}"}}'
            for at, posting in zip(range(0, len(codes), 3), self.postings, strict=True)
        ]
        reverses = self.reverses_entry_id
        text = (
            f'{{"actors":{{"checker":{checker},"maker":{maker}}},'
            f'"at":"","currency":"THB","entry":"","kind":"{self.kind}",'
            f'"memo":{memo},"on":"{self.entry_on}","postings":[{",".join(postings)}],'
            f'"private":{private},"receipt":{receipt},'
            f'"reverses":"{"" if reverses is None else entry_number(reverses)}",'
            f'"source":{{"ref":{ref},"type":{type_}}},"v":"{VERSION}"}}'
        )
        return text.encode()

    def canonical_bytes(self, entry_id: int, posted_at: datetime) -> bytes:
        """The canonical bytes of the entry once it has its number and instant."""
        return stamp(self.content(), entry_id, posted_at)


#: Texts in Thai, English and Malay.
Texts = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class FundSettings:
    """What a fund is called, and how it stands where one gives. ``minimum_satang`` is the least
    of a new gift, 0 for any amount; ``goal_satang`` is what is to be raised, or None.
    """

    names: Texts
    purposes: Texts = ("", "", "")
    position: int = 0
    accepts_gifts: bool = True
    minimum_satang: int = 0
    goal_satang: int | None = None


def stamp(content: bytes, entry_id: int, posted_at: datetime) -> bytes:
    """``content`` of a draft with the entry's number and instant filled in.

    Quotation marks inside JSON strings are escaped, so the empty fields occur nowhere else.
    """
    stamped = content.replace(b'"at":""', f'"at":"{iso(posted_at)}"'.encode(), 1)
    return stamped.replace(b'"entry":""', f'"entry":"{entry_number(entry_id)}"'.encode(), 1)


def public_memo(text: str, *, field: str | None = None) -> str:
    """``text``, typed into ``field``, cleaned for the books; PersonalDataError when it holds a
    number or an e-mail address of somebody. Names it cannot tell.
    """
    cleaned = clean_text(text)
    found = find_personal_data(cleaned)
    if found is not None:
        raise PersonalDataError(SENTENCES[found.kind], field=field, params={"words": found.words})
    return cleaned
