"""The bytes of an entry that its leaf hash covers, fixed before the first row was written.

Format ``v`` = "1": RFC 8785 (JCS) JSON, restricted so that any language can do the same in
thirty lines.

* One object with exactly the keys ``actors{checker,maker}, at, currency, entry, kind, memo, on,
  postings[{credit,debit,fund,satang}], private, receipt, reverses, source{ref,type}, v``.
* Every leaf value is a string. Money is satang, ``0|[1-9][0-9]{0,15}``; ``at`` is UTC
  ``YYYY-MM-DDThh:mm:ssZ``; ``on`` is ``YYYY-MM-DD``; an absent value is "".
* Strings are NFC (never NFKC, which splits Thai sara am) without control characters U+0000–001F,
  U+007F–009F.
* Keys sorted, separators ``,`` and ``:``, no white space, UTF-8, no final newline.

The leaf hash is ``SHA-256(0x00 || bytes)`` (RFC 6962 §2.1, RFC 9162 §2.1.1). Bytes and hash are
stored and never made again from the row; `fundapp.audit` recomputes them only to compare. Golden
vectors:
``tests/ledger/test_canonical.py``.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any

VERSION = "1"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,31}\Z")
_MAX_DEPTH = 6
_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode
_quote = json.encoder.encode_basestring


def canonical_bytes(document: dict[str, Any]) -> bytes:
    """``document`` in canonical form; ValueError when it holds what the form does not allow."""
    _check(document, depth=1)
    return _encode(document).encode("utf-8")


def quoted(text: str) -> str:
    """A string as it is written in the bytes; ValueError when the form does not allow it."""
    _check_string(text)
    return _quote(text)


def all_quoted(texts: Iterable[str]) -> list[str]:
    """Each of ``texts`` as `quoted` gives it; checked together, which is quicker."""
    texts = tuple(texts)
    # A quotation mark combines with no letter or mark beside it.
    _check_string('"'.join(texts))
    return list(map(_quote, texts))


def parse_canonical(data: bytes) -> dict[str, Any]:
    """The document in ``data``; ValueError unless the bytes are exactly its canonical form."""
    document = json.loads(data.decode("utf-8"))
    if not isinstance(document, dict) or canonical_bytes(document) != data:
        raise ValueError("these bytes are not in canonical form")
    return document


def leaf_hash(data: bytes) -> bytes:
    """The Merkle leaf hash of canonical bytes (RFC 9162 §2.1.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def clean_text(text: str) -> str:
    """``text`` as canonical strings allow it: NFC, runs of white space and control characters one
    space.
    """
    spaced = _CONTROL.sub(" ", text)
    return unicodedata.normalize("NFC", " ".join(spaced.split()))


def _check(value: Any, depth: int) -> None:
    """Refuse what the form does not allow, in the object or array ``value``."""
    if depth >= _MAX_DEPTH:  # what it holds would be too deep
        raise ValueError("nested too deeply")
    if isinstance(value, dict):
        for key in value:
            _check_key(key)
        items: Any = value.values()
    elif isinstance(value, list):
        items = value
    else:
        raise ValueError(f"only strings, lists and objects: {value!r}")
    for item in items:
        if isinstance(item, str):
            _check_string(item)
        else:
            _check(item, depth + 1)


@cache  # the form has a few dozen keys, and each entry has them all
def _check_key(key: Any) -> None:
    if not isinstance(key, str) or not _KEY.match(key):
        raise ValueError(f"not a key: {key!r}")


def _check_string(text: str) -> None:
    if text.isascii() and text.isprintable():
        return
    if _CONTROL.search(text) or not unicodedata.is_normalized("NFC", text):
        raise ValueError("control characters and text outside NFC are not canonical")
    text.encode("utf-8")  # refuses lone surrogates
