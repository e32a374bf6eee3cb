"""Which stored line a row of a file is, and which words of it count (pure).

A bank never changes the account, the day and the signed amount of a movement. Of several equal ones
the text, the time and the balance tell which is which, as far as they do; then their order does.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import NamedTuple

from fundapp.banking.encryption import BankWords
from fundapp.thai.folding import fold_text

#: More pairs of texts than this are not compared one by one: order decides then.
_MOST_PAIRS = 40_000


class Words(NamedTuple):
    """What a bank completes and corrects; the time is HH:MM, HH:MM:SS or empty."""

    booked_time: str
    description: str
    detail: str
    channel: str

    @property
    def text(self) -> BankWords:
        """What is encrypted of it."""
        return BankWords(*self[1:])


class Said(NamedTuple):
    """What one file says of a line, with the balance after it in satang."""

    words: Words
    balance_satang: int

    @property
    def erased(self) -> "Said":
        """The same, of a line whose words were erased: none of a later file is kept."""
        return Said(Words(self.words.booked_time, *BankWords()), self.balance_satang)


def completed(old: Words, new: Words, *, is_newer: bool) -> Words:
    """The words that count when a file says ``new`` of a line that so far has the words ``old``.

    A field that says more than before is taken over, one that says less is not; where both say
    something else, the newer file is right.
    """
    chosen = []
    for before, after in zip(old, new, strict=True):
        if _says_no_more(before, after):
            chosen.append(after)
        elif _says_no_more(after, before):
            chosen.append(before)
        else:
            chosen.append(after if is_newer else before)
    return Words(*chosen)


def pair(rows: Sequence[Said], lines: Sequence[Said]) -> list[int | None]:
    """For each row the index of the line it is, or None for a row that is none of them.

    Rows and lines are of one day and one amount, each in the bank's order. What they agree in most
    decides first, so a line keeps its own words.
    """
    pairs = _Pairs(rows, lines)
    pairs.by_key(lambda said: said)
    pairs.by_key(lambda said: said.words)
    pairs.by_texts(lambda said: said.words.booked_time)
    pairs.by_key(lambda said: said.words[1:] if said.words.detail else None)
    pairs.by_texts(lambda said: bool(said.words.detail))
    pairs.by_key(lambda said: said.words.booked_time)
    pairs.by_key(lambda said: said.balance_satang)
    pairs.in_order()
    return pairs.line_of_row


class _Pairs:
    """Rows and lines that are not paired yet, in their order."""

    def __init__(self, rows: Sequence[Said], lines: Sequence[Said]) -> None:
        self._rows, self._lines = rows, lines
        self.line_of_row: list[int | None] = [None] * len(rows)
        self._free_rows = list(range(len(rows)))
        self._free_lines = list(range(len(lines)))

    def by_key(self, key: Callable[[Said], Hashable]) -> None:
        """Pair rows with lines of the same key, in order; a key that is empty pairs nothing."""
        lines: dict[Hashable, deque[int]] = defaultdict(deque)
        for line in self._free_lines:
            lines[key(self._lines[line])].append(line)
        for row in self._free_rows:
            value = key(self._rows[row])
            if value is not None and value != "" and lines.get(value):
                self.line_of_row[row] = lines[value].popleft()
        self._drop_paired()

    def by_texts(self, key: Callable[[Said], str | bool]) -> None:
        """Pair rows with lines of the same key, unless it is empty, one of which says all that the
        other says.
        """
        lines: dict[str | bool, list[int]] = defaultdict(list)
        for line in self._free_lines:
            lines[key(self._lines[line])].append(line)
        rows: dict[str | bool, list[int]] = defaultdict(list)
        for row in self._free_rows:
            rows[key(self._rows[row])].append(row)
        for value, group in rows.items():
            if value and len(group) * len(lines[value]) <= _MOST_PAIRS:
                self._pair_texts(group, lines[value])
        self._drop_paired()

    def in_order(self) -> None:
        """Pair what is left, the first row with the first line."""
        for row, line in zip(self._free_rows, self._free_lines, strict=False):
            self.line_of_row[row] = line
        self._drop_paired()

    def _pair_texts(self, rows: Iterable[int], lines: list[int]) -> None:
        for row in rows:
            texts = self._rows[row].words[1:]
            for line in lines:
                if _agree(texts, self._lines[line].words[1:]):
                    self.line_of_row[row] = line
                    lines.remove(line)
                    break

    def _drop_paired(self) -> None:
        self._free_rows = [row for row in self._free_rows if self.line_of_row[row] is None]
        paired = {line for line in self.line_of_row if line is not None}
        self._free_lines = [line for line in self._free_lines if line not in paired]


def _agree(texts: Iterable[str], others: Iterable[str]) -> bool:
    """Whether each text says all that the other says, or the reverse."""
    pairs = zip(texts, others, strict=True)
    return all(_says_no_more(one, other) or _says_no_more(other, one) for one, other in pairs)


def _says_no_more(text: str, than: str) -> bool:
    """Whether everything in ``text`` is in ``than``."""
    return text == than or fold_text(text) in fold_text(than)
