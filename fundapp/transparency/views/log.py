"""The sealed log for everybody: its checkpoints, its tiles and its proofs.

Tiles have the addresses of C2SP tlog-tiles, so that anybody can mirror the tree. They hold hashes
alone; the bytes of the entries are in the bundle that the auditor gets.
"""

import base64
import re
from pathlib import Path

from flask import Response, current_app, jsonify, make_response, render_template, request

from fundapp.access.marks import public
from fundapp.errors import NotFoundError
from fundapp.ledger.log import queries
from fundapp.ledger.log.tiles import read_tile
from fundapp.ledger.models import TILE_WIDTH, LogCheckpoint
from fundapp.transparency.checkpoint_papers import checkpoint_pdf
from fundapp.transparency.forms import ConsistencyForm
from fundapp.transparency.views.blueprint import blueprint
from fundapp.web.locale import locale_code
from fundapp.web.public_pages import public_page
from fundapp.web.remembered_pages import Draft

_TILE = re.compile(r"(?P<groups>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?")
_HASH_BYTES = 32
#: A tile never changes once it is full; of a shorter one the first hashes never do.
_FOR_EVER = "public, max-age=31536000, immutable"
#: How many checkpoints the page shows; each older one has its own address.
_SHOWN = 100
_BOTH = 2
#: What an outsider checks the books with, and how: where it lies in the program's folder.
_FILES = {
    "verify.py": "verifier/verify.py",
    "witness.py": "verifier/witness.py",
    "mirror.py": "verifier/mirror.py",
    "checking-the-books.md": "docs/guides/checking-the-books.md",
    "checking-the-books.th.md": "docs/guides/checking-the-books.th.md",
}
_GUIDES = {"th": "checking-the-books.th.md"}


@blueprint.get("/ledger/checkpoint")
@public
def newest_checkpoint() -> Response:
    """The newest signed note."""
    checkpoint = queries.last_checkpoint()
    if checkpoint is None:
        raise NotFoundError
    return _note(checkpoint)


@blueprint.get("/ledger/checkpoints/<int:size>")
@public
def checkpoint(size: int) -> Response:
    """The signed note of an older checkpoint."""
    found = queries.get_checkpoint(size)
    if found is None:
        raise NotFoundError
    return _note(found)


@blueprint.get("/ledger/checkpoints/<int:size>/paper.pdf")
@public
def checkpoint_paper(size: int) -> Response:
    """A checkpoint to print for the minutes of a month, with its text as a QR code."""
    found = queries.get_checkpoint(size)
    if found is None:
        raise NotFoundError
    response = make_response(checkpoint_pdf(found))
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="checkpoint-{size}.pdf"'
    return response


@blueprint.get("/ledger/files/<name>")
@public
def checking_file(name: str) -> Response:
    """The programs that check the books, cosign and copy the log, and the guide, as they are."""
    if name not in _FILES:
        raise NotFoundError
    path = Path(current_app.root_path).parent / _FILES[name]
    response = Response(path.read_bytes(), content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@blueprint.get("/ledger/checkpoints")
@public
def checkpoints() -> Response:
    """The archive of checkpoints, and what they are good for."""
    return public_page(_version, lambda: Draft(_checkpoints()))


@blueprint.get("/ledger/consistency")
@public
def compare_checkpoints() -> tuple[str, int]:
    """Two checkpoints to choose, and the proof that the later one goes on from the earlier."""
    form = ConsistencyForm(request.args)
    is_valid = form.validate()
    sizes = sorted(each.data for each in (form.old, form.new) if each.data) if is_valid else []
    pair = [each for each in map(queries.get_checkpoint, sizes) if each is not None]
    is_whole = len(pair) == _BOTH
    body = render_template(
        "transparency/consistency.html",
        form=form,
        pair=pair if is_whole else [],
        is_missing=bool(sizes) and not is_whole,
        path=[_coded(step) for step in queries.prove_consistency(*sizes)] if is_whole else [],
    )
    return body, 200 if is_valid else 422


@blueprint.get("/ledger/consistency/<int:old>/<int:new>")
@public
def consistency(old: int, new: int) -> Response:
    """The proof that the log of one checkpoint begins with that of an older one."""
    pair = queries.get_checkpoint(old), queries.get_checkpoint(new)
    if None in pair or not 0 < old <= new:
        raise NotFoundError
    path = [_coded(step) for step in queries.prove_consistency(old, new)]
    return jsonify(old=_shown(pair[0]), new=_shown(pair[1]), path=path)


@blueprint.get("/ledger/tile/<int:level>/<path:index>")
@public
def tile(level: int, index: str) -> Response:
    """Up to 256 hashes of the tree, of a full tile or of the first of a shorter one."""
    match = _TILE.fullmatch(index)
    if match is None or level > 7:
        raise NotFoundError
    position = int(match["groups"].replace("x", "").replace("/", "")[-18:])
    width = int(match["width"] or TILE_WIDTH)
    hashes = (read_tile(level, position) or b"")[: width * _HASH_BYTES]
    if len(hashes) != width * _HASH_BYTES or (match["width"] and width == TILE_WIDTH):
        raise NotFoundError
    response = Response(hashes, mimetype="application/octet-stream")
    response.headers["Cache-Control"] = _FOR_EVER
    return response


def _version() -> object:
    newest = queries.last_checkpoint()
    return newest and (newest.number, newest.size, len(queries.list_cosignatures(newest)))


def _checkpoints() -> str:
    checkpoints = queries.list_checkpoints(_SHOWN)
    return render_template(
        "transparency/checkpoints.html",
        checkpoints=checkpoints,
        guide=_GUIDES.get(locale_code(), "checking-the-books.md"),
        cosignatures=queries.list_cosignatures(checkpoints[0]) if checkpoints else [],
        note=queries.published_note(checkpoints[0]) if checkpoints else "",
        witnesses={each.name: each.vkey for each in queries.list_witnesses()},
        beginnings=queries.list_beginnings(),
    )


def _note(checkpoint: LogCheckpoint) -> Response:
    return Response(queries.published_note(checkpoint), content_type="text/plain; charset=utf-8")


def _shown(checkpoint: LogCheckpoint | None) -> dict[str, object]:
    return {"size": checkpoint.size, "note": checkpoint.note} if checkpoint else {}


def _coded(data: bytes) -> str:
    return base64.b64encode(data).decode()
