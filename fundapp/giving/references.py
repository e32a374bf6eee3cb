"""Payment references: short enough to copy by hand, and recognised in a bank's text.

A reference is a prefix of one to three letters, eight random characters and a check character, all
capital letters and digits, so it fits the reference fields of tag 30 payloads. Random and check
characters leave out 0, 1, I, L and O, which people confuse. The check is ISO 7064 MOD 37-2, a pure
system: it catches every single wrong character and every exchange of two neighbours. (The hybrid
MOD 37,36 misses some exchanges.) Where the standard's check character would be "*" or a confusable
one, other random characters are drawn.
"""

import re
import secrets
from collections import Counter
from functools import lru_cache

from stdnum.iso7064 import mod_37_2

from fundapp.thai.folding import bare_number, plain_signs, without_invisible_signs

_CLEAR = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_BODY_LENGTH = 8
_SHORTEST, _LONGEST = 10, 12

_SHAPE = re.compile(rf"[A-Z]{{1,3}}[{_CLEAR}]{{{_BODY_LENGTH + 1}}}")
_PREFIX = re.compile(r"[A-Z]{1,3}")
_WORD = re.compile(r"[A-Za-z0-9]+")
# What people and banks write between groups; any other sign ends a reference.
_GAP = re.compile(r"[^\S\n]|-")


def new_reference(prefix: str = "YL") -> str:
    """A fresh random reference that starts with ``prefix``, one to three letters A–Z.

    Eight characters of 31 give 8·10¹¹ possibilities; the table refuses a reference that is taken.
    Raises ValueError for another prefix.
    """
    if _PREFIX.fullmatch(prefix) is None:
        raise ValueError("A reference prefix is one to three letters A-Z")
    while True:
        body = prefix + _random_body()
        check = mod_37_2.calc_check_digit(body)
        if check in _CLEAR and not body.isalpha():
            return body + check


def _random_body() -> str:
    """As many random characters, drawn at once: the system is asked for randomness one time."""
    number = secrets.randbelow(len(_CLEAR) ** _BODY_LENGTH)
    letters = []
    for _ in range(_BODY_LENGTH):
        number, place = divmod(number, len(_CLEAR))
        letters.append(_CLEAR[place])
    return "".join(letters)


def is_reference(text: str) -> bool:
    """Whether ``text`` is a reference with the correct check character, in either case.

    It must hold a digit, so that no plain word is taken for a reference by chance.
    """
    if not text.isascii():
        return False
    upper = text.upper()
    return (
        _SHAPE.fullmatch(upper) is not None
        and any(letter.isdigit() for letter in upper[:-1])
        and mod_37_2.checksum(upper) == 1
    )


def normalise_reference(text: str) -> str:
    """A reference that somebody typed or pasted, as references are stored; any other text comes
    back as some text that is none.
    """
    return bare_number(text)


def find_references(free_text: str) -> list[str]:
    """The valid references in a bank's free text, in capitals, in their order, each once.

    A whole word that is a reference is found in either case. A reference broken by single spaces or
    dashes ("YL7K 3M9Q-2XA") is found when none of its words belongs to another reference.
    """
    return list(_references(free_text))


@lru_cache(512)  # a line's text is asked four times while a file of lines is matched
def _references(free_text: str) -> tuple[str, ...]:
    free_text = plain_signs(without_invisible_signs(free_text))
    words = list(_WORD.finditer(free_text))
    spans = [(i, i + 1) for i, word in enumerate(words) if is_reference(word.group())]
    whole = {start for start, _ in spans}
    joined = [span for span in _joined_spans(free_text, words) if not _overlaps(span, whole)]
    uses = Counter(index for span in joined for index in range(*span))
    spans += [span for span in joined if all(uses[index] == 1 for index in range(*span))]
    return tuple(dict.fromkeys(_text(words, span) for span in sorted(spans)))


def _text(words: list[re.Match[str]], span: tuple[int, int]) -> str:
    """The words of a span put together, in capitals."""
    return "".join(word.group() for word in words[slice(*span)]).upper()


def _joined_spans(free_text: str, words: list[re.Match[str]]) -> list[tuple[int, int]]:
    """Runs of two or more neighbouring words that are a reference when put together."""
    spans = []
    for start in range(len(words)):
        end, length = start + 1, len(words[start].group())
        while end < len(words) and length < _LONGEST and _adjoin(free_text, words, end):
            length += len(words[end].group())
            end += 1
            if _SHORTEST <= length <= _LONGEST and is_reference(_text(words, (start, end))):
                spans.append((start, end))
    return spans


def _adjoin(free_text: str, words: list[re.Match[str]], index: int) -> bool:
    """Whether the word at ``index`` follows the one before it after a single space or dash."""
    between = free_text[words[index - 1].end() : words[index].start()]
    return _GAP.fullmatch(between) is not None


def _overlaps(span: tuple[int, int], used: set[int]) -> bool:
    """Whether a span contains one of the words ``used``."""
    return any(index in used for index in range(*span))
