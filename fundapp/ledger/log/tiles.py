"""The stored tree: tiles of 256 hashes, read and made longer."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import load_only

from fundapp.db import db
from fundapp.ledger.log.tree import complete_root
from fundapp.ledger.models.log import TILE_WIDTH, LogTile

#: The levels of the tree that a tile spans.
_HEIGHT = TILE_WIDTH.bit_length() - 1
_BYTES = 32


class TileReader:
    """Reads nodes of the tree; each tile is read once."""

    def __init__(self) -> None:
        self._tiles: dict[tuple[int, int], bytes] = {}

    def __call__(self, level: int, position: int) -> bytes:
        """The hash of a node (`tree.ReadNode`); LookupError when the log is not that long."""
        tile_level, height = divmod(level, _HEIGHT)
        first = position << height
        tile, offset = divmod(first, TILE_WIDTH)
        hashes = self._read(tile_level, tile)[offset * _BYTES : (offset + (1 << height)) * _BYTES]
        if len(hashes) != _BYTES << height:
            raise LookupError("the log has no such node")
        return complete_root(_split(hashes))

    def _read(self, level: int, position: int) -> bytes:
        key = (level, position)
        if key not in self._tiles:
            self._tiles[key] = read_tile(level, position) or b""
        return self._tiles[key]


def read_tile(level: int, position: int) -> bytes | None:
    """The hashes of a tile as they are stored; None without one."""
    statement = select(LogTile.hashes).where(LogTile.level == level, LogTile.position == position)
    return db.session.scalar(statement)


def append_hashes(level: int, count: int, hashes: Sequence[bytes]) -> None:
    """Add hashes behind the ``count`` that a level of tiles has, and behind each tile that becomes
    full its root to the level above.
    """
    full: list[bytes] = []
    at, first_full = 0, count // TILE_WIDTH
    while at < len(hashes):
        position, offset = divmod(count + at, TILE_WIDTH)
        some = hashes[at : at + TILE_WIDTH - offset]
        stored = _append(level, position, offset, b"".join(some))
        if len(stored) == TILE_WIDTH * _BYTES:
            full.append(complete_root(_split(stored)))
        at += len(some)
    if full:
        append_hashes(level + 1, first_full, full)


def _append(level: int, position: int, offset: int, more: bytes) -> bytes:
    """The hashes of a tile after ``more`` were added to it."""
    if offset == 0:
        db.session.add(LogTile(level=level, position=position, hashes=more))
        return more
    statement = select(LogTile).options(load_only(LogTile.hashes))
    tile = db.session.scalars(
        statement.where(LogTile.level == level, LogTile.position == position)
    ).one()
    if len(tile.hashes) != offset * _BYTES:
        raise LookupError("a tile of the log is not as long as its leaves say")
    tile.hashes += more
    return tile.hashes


def _split(hashes: bytes) -> list[bytes]:
    return [hashes[at : at + _BYTES] for at in range(0, len(hashes), _BYTES)]
