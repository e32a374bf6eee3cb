"""Payment references: short to copy by hand, sure to find again in a bank's text.

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

from stdnum.iso7064 import mod_37_2

_CLEAR = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_BODY_LENGTH = 8
_SHORTEST, _LONGEST = 10, 12

_SHAPE = re.compile(rf"[A-Z]{{1,3}}[{_CLEAR}]{{{_BODY_LENGTH + 1}}}")
_PREFIX = re.compile(r"[A-Z]{1,3}")
_WORD = re.compile(r"[A-Za-z0-9]+")
# What people and banks put between groups; anything else ends a reference.
_GAP = re.compile(r"[ -]")


def new_reference(prefix: str = "YL") -> str:
    """A fresh random reference that starts with ``prefix``, one to three letters A–Z.

    Eight characters of 31 give 8·10¹¹ possibilities: the table keeps references unique, the caller
    draws again on a clash. Raises ValueError for another prefix (a programmer's or a configuration
    error).
    """
    if _PREFIX.fullmatch(prefix) is None:
        raise ValueError("A reference prefix is one to three letters A-Z")
    while True:
        body = prefix + "".join(secrets.choice(_CLEAR) for _ in range(_BODY_LENGTH))
        reference = body + mod_37_2.calc_check_digit(body)
        if is_reference(reference):
            return reference


def is_reference(text: str) -> bool:
    """Whether ``text`` is a reference with a right check character.

    Small letters count as capitals. At least one digit must be in it, so that no plain word passes
    by chance.
    """
    if not text.isascii():
        return False
    upper = text.upper()
    return (
        _SHAPE.fullmatch(upper) is not None
        and any(letter.isdigit() for letter in upper[:-1])
        and mod_37_2.checksum(upper) == 1
    )


def find_references(free_text: str, *, prefix: str | None = None) -> list[str]:
    """The valid references in a bank's free text, capitals, in their order, each once.

    A whole word that is a reference is found in either case. A reference broken by single spaces or
    dashes ("YL7K 3M9Q-2XA") is found when no other reading of the same words is valid too. With
    ``prefix`` only references that start with it count.
    """
    words = list(_WORD.finditer(free_text))
    spans = [(i, i + 1) for i, word in enumerate(words) if _counts(word.group(), prefix)]
    whole = {start for start, _ in spans}
    joined = [span for span in _joined_spans(free_text, words, prefix) if not _touches(span, whole)]
    claims = Counter(index for span in joined for index in range(*span))
    spans += [span for span in joined if all(claims[index] == 1 for index in range(*span))]
    return list(dict.fromkeys(_text(words, span) for span in sorted(spans)))


def _counts(text: str, prefix: str | None) -> bool:
    """Whether ``text`` is a reference and has the prefix asked for."""
    return is_reference(text) and (prefix is None or text.upper().startswith(prefix))


def _text(words: list[re.Match[str]], span: tuple[int, int]) -> str:
    """The words of a span put together, in capitals."""
    return "".join(word.group() for word in words[slice(*span)]).upper()


def _joined_spans(
    free_text: str, words: list[re.Match[str]], prefix: str | None
) -> list[tuple[int, int]]:
    """Runs of two or more neighbouring words that read as a reference when put together."""
    spans = []
    for start in range(len(words)):
        end, length = start + 1, len(words[start].group())
        while end < len(words) and length < _LONGEST and _adjoin(free_text, words, end):
            length += len(words[end].group())
            end += 1
            if _SHORTEST <= length <= _LONGEST and _counts(_text(words, (start, end)), prefix):
                spans.append((start, end))
    return spans


def _adjoin(free_text: str, words: list[re.Match[str]], index: int) -> bool:
    """Whether only one space or dash stands between the word at ``index`` and the one before it."""
    between = free_text[words[index - 1].end() : words[index].start()]
    return _GAP.fullmatch(between) is not None


def _touches(span: tuple[int, int], taken: set[int]) -> bool:
    """Whether a span uses one of the words ``taken``."""
    return any(index in taken for index in range(*span))
