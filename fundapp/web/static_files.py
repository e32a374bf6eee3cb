"""Static files: read once, served under names that carry a hash of their bytes, and compressed.

``url_for("static", filename="js/app.js")`` gives ``/static/js/app.<hash>.js``. Whoever has that may
keep it for good: another content has another name. The plain name is served too, for a day, and so
is a hash of another release, never kept: a page that was opened before an update still gets a file.

``css/pages.css`` is all style sheets in one, in the order of `SHEETS`, so that a page asks once.
Nothing is written: each process reads the folder at its start and compresses a file when it is
first asked for.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, current_app, request

from fundapp.web.compression import best_encoding, compress, is_compressible

#: Style sheets of every page; what print needs comes last.
SHEETS = ("bootstrap", "theme", "layout", "page", "forms", "tables", "figures")
ALL_SHEETS = "css/pages.css"

FOR_GOOD = "public, max-age=31536000, immutable"
FOR_A_DAY = "public, max-age=86400"
NOT_KEPT = "no-store"

_HASHED = re.compile(r"(?P<stem>.+)\.(?P<digest>[0-9a-f]{12})(?P<suffix>\.\w+)")
_OWN_URL = re.compile(r'url\("\.\./([^"]+)"\)')


@dataclass(frozen=True, slots=True)
class StaticFile:
    """The bytes of one file, its type, and its bytes in each encoding that was asked for."""

    name: str
    body: bytes
    media_type: str
    encoded: dict[str, bytes] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Changes with the content."""
        return sha256(self.body).hexdigest()[:12]

    def body_in(self, encoding: str) -> bytes:
        """The bytes in ``encoding``, compressed as far as it goes."""
        if encoding not in self.encoded:
            self.encoded[encoding] = compress(self.body, encoding, for_good=True)
        return self.encoded[encoding]


@dataclass(frozen=True, slots=True)
class StaticFiles:
    """The files of one folder, by their plain names."""

    files: Mapping[str, StaticFile]
    hashed_names: Mapping[str, str]

    def find(self, name: str) -> tuple[StaticFile, str] | None:
        """The file with that plain or hashed name, and how long it may be kept."""
        if name in self.files:
            return self.files[name], FOR_A_DAY
        parts = _HASHED.fullmatch(name)
        plain = f"{parts['stem']}{parts['suffix']}" if parts else ""
        if plain not in self.files:
            return None
        return self.files[plain], FOR_GOOD if self.hashed_names[plain] == name else NOT_KEPT


@cache
def read_folder(folder: Path) -> StaticFiles:
    """Every file under ``folder``."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    bodies = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    is_sheet = {name: name.endswith(".css") for name in bodies}
    files = {name: _file(name, body) for name, body in bodies.items() if not is_sheet[name]}
    hashed = {name: _hashed_name(file) for name, file in files.items()}
    sheets = {name: _with_hashed_urls(bodies[name], hashed) for name in bodies if is_sheet[name]}
    sheets[ALL_SHEETS] = _join(sheets)
    files |= {name: _file(name, body) for name, body in sheets.items()}
    return StaticFiles(files, {name: _hashed_name(file) for name, file in files.items()})


def _file(name: str, body: bytes) -> StaticFile:
    kind = "font/woff2" if name.endswith(".woff2") else guess_type(name)[0] or "text/plain"
    return StaticFile(name, body, f"{kind}; charset=utf-8" if is_compressible(kind) else kind)


def _hashed_name(file: StaticFile) -> str:
    stem, _, suffix = file.name.rpartition(".")
    return f"{stem}.{file.digest}.{suffix}"


def _with_hashed_urls(sheet: bytes, hashed: Mapping[str, str]) -> bytes:
    def link(match: re.Match[str]) -> str:
        return f'url("../{hashed[match[1]]}")'

    return _OWN_URL.sub(link, sheet.decode()).encode()


def _join(sheets: Mapping[str, bytes]) -> bytes:
    on_screen = b"".join(sheets[f"css/{name}.css"] for name in SHEETS)
    return on_screen + b"@media print {\n" + sheets["css/print.css"] + b"}\n"


def _files(app: Flask) -> StaticFiles:
    folder = Path(str(app.static_folder))
    if app.debug:
        read_folder.cache_clear()
    return read_folder(folder)


def serve(filename: str) -> Response:
    """The file with that name; 404."""
    found = _files(current_app).find(filename)
    if found is None:
        abort(404)
    file, age = found
    answer = Response(content_type=file.media_type)
    answer.headers["Cache-Control"] = age
    answer.set_etag(file.digest, weak=True)
    encoding = ""
    if is_compressible(file.media_type):
        answer.vary.add("Accept-Encoding")
        encoding = best_encoding(request.headers.get("Accept-Encoding"))
    if encoding:
        answer.content_encoding = encoding
    answer.set_data(file.body_in(encoding) if encoding else file.body)
    answer.make_conditional(request)
    return answer


def init_app(app: Flask) -> None:
    """Serve the static folder this way, and let ``url_for`` give the hashed names."""

    def hashed(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "filename" in values:
            name = values["filename"]
            values["filename"] = _files(app).hashed_names.get(name, name)

    app.view_functions["static"] = serve
    app.url_default_functions.setdefault(None, []).append(hashed)
