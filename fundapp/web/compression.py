"""Answers are compressed, with brotli or gzip, where that cannot tell anybody a secret.

Who sees how long a compressed answer is learns whether it repeats something; and who chooses a part
of the answer can so guess a secret beside it, letter by letter (the attack BREACH). The secrets of
our pages are form tokens and what only some people may read; what others can choose is what a
request brings and the page shows again. So `is_safe` is the rule, and the only one: an answer to a
request that carries no cookie which opens anything is compressed, because it has no secret; an
answer to one that does, only when no other site can have chosen what it brings.
"""

import gzip
import zlib
from collections.abc import Sequence
from functools import lru_cache

import brotli
from flask import Flask, Request, Response, current_app, request
from werkzeug.http import parse_accept_header

#: Bytes below which compressing saves no packet.
LEAST = 1024

_COMPRESSIBLE = frozenset(
    {
        "application/javascript",
        "application/json",
        "image/svg+xml",
        "text/css",
        "text/csv",
        "text/html",
        "text/javascript",
        "text/plain",
    }
)
#: In the order in which we prefer them.
ENCODINGS = ("br", "gzip")
#: Deflated, no name, no time; an empty block that is the last.
_GZIP_HEAD, _LAST_BLOCK = b"\x1f\x8b\x08\0\0\0\0\0\x02\xff", b"\x03\0"


def is_compressible(media_type: str) -> bool:
    """Whether bytes of this type become fewer."""
    return media_type.partition(";")[0].strip() in _COMPRESSIBLE


@lru_cache(maxsize=256)
def best_encoding(accepted: str | None, preferred: tuple[str, ...] = ENCODINGS) -> str:
    """``br``, ``gzip`` or an empty text: what the header Accept-Encoding takes and we prefer."""
    if not accepted:
        return ""
    qualities = dict(parse_accept_header(accepted))
    return next((name for name in preferred if qualities.get(name, 0) > 0), "")


def compress(body: bytes, encoding: str, *, for_good: bool = False) -> bytes:
    """``body`` in ``encoding``; ``for_good`` takes the time for the fewest bytes."""
    if encoding == "br":
        return bytes(brotli.compress(body, quality=11 if for_good else 4))
    return gzip.compress(body, 9 if for_good else 5, mtime=0)


class GzipWithGaps:
    """Bytes compressed once with gzip, with gaps into which values of less than 64 kB are put as
    they are.

    Nothing before a gap is repeated after it (a full flush), so any value may stand there; and no
    value is compressed, so the length of the answer tells nothing of it.
    """

    def __init__(self, pieces: Sequence[bytes]) -> None:
        packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._pieces = pieces
        self._packed = [packer.compress(each) + packer.flush(zlib.Z_FULL_FLUSH) for each in pieces]
        self._packed[0] = _GZIP_HEAD + self._packed[0]

    def with_values(self, values: Sequence[bytes]) -> bytes:
        """The whole stream, with a value in each gap."""
        whole, packed = [self._pieces[0]], [self._packed[0]]
        for value, piece, part in zip(values, self._pieces[1:], self._packed[1:], strict=True):
            length = len(value).to_bytes(2, "little")
            # A block that is stored: it begins with its length, and with each bit of that turned.
            packed += (b"\0", length, bytes(255 - each for each in length), value, part)
            whole += (value, piece)
        body = b"".join(whole)
        packed += (_LAST_BLOCK, zlib.crc32(body).to_bytes(4, "little"))
        packed.append((len(body) & 0xFFFFFFFF).to_bytes(4, "little"))
        return b"".join(packed)


def is_safe(incoming: Request) -> bool:
    """Whether the length of the answer tells nobody a secret of it."""
    config = current_app.config
    opens = {config["SESSION_TOKEN_COOKIE"], config["SESSION_COOKIE_NAME"]}
    if opens.isdisjoint(incoming.cookies):
        return True
    if incoming.headers.get("Sec-Fetch-Site") == "same-origin":
        return True
    return incoming.method in {"GET", "HEAD"} and not incoming.query_string


def compress_answer(response: Response) -> Response:
    """Compress the answer where it is worth it and `is_safe`."""
    if not is_compressible(response.mimetype or "") or "Content-Encoding" in response.headers:
        return response
    if "Accept-Encoding" not in response.headers.get("Vary", ""):
        response.vary.add("Accept-Encoding")
    encoding = best_encoding(request.headers.get("Accept-Encoding"))
    if not encoding or response.is_streamed or response.direct_passthrough:
        return response
    body = response.get_data()
    if len(body) >= LEAST and is_safe(request):
        response.set_data(compress(body, encoding))
        response.content_encoding = encoding
    return response


def init_app(app: Flask) -> None:
    """Compress answers."""
    app.after_request(compress_answer)
