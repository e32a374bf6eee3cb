"""Making packs in the background, outside of any unit of work: all of it reads one snapshot."""

import tempfile
import threading
import time
from contextlib import suppress

from flask import current_app

from fundapp.access.actors import Actor
from fundapp.audit.batches import NOTED_EVERY, StoppedError
from fundapp.audit.packs.operations import (
    give_up_pack,
    note_parts,
    release_pack,
    store_pack,
    take_pack,
)
from fundapp.audit.packs.parts import PackDays
from fundapp.audit.packs.writing import write_pack
from fundapp.db import unit_of_work, unit_of_work_now
from fundapp.errors import BusyError

#: Up to so many bytes an archive is made in memory, then in a file.
_IN_MEMORY = 16 * 1024 * 1024


def make_waiting_pack(*, actor: Actor, stop: threading.Event) -> bool:
    """Make the oldest pack that waits, if there is one; gives whether one was made. Raises
    ForbiddenError, and what a part raises: the pack is then given up. When ``stop`` is set, another
    worker begins anew.
    """
    pack = unit_of_work(take_pack, actor=actor)
    if pack is None:
        return False
    pack_id, days = pack.id, PackDays(pack.from_on, pack.to_on)
    try:
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
            write_pack(file, days, _reporting(pack_id, actor, stop))
            file.seek(0)
            unit_of_work(store_pack, pack_id, file.read(), actor=actor)
    except StoppedError:
        unit_of_work(release_pack, pack_id, actor=actor)
        return False
    except Exception:
        unit_of_work(give_up_pack, pack_id, actor=actor)
        raise
    return True


class _reporting:  # noqa: N801 - called like a function
    """Notes every few seconds how far a pack is, and ends it when the worker shall stop."""

    def __init__(self, pack_id: int, actor: Actor, stop: threading.Event) -> None:
        self._pack_id, self._actor, self._stop = pack_id, actor, stop
        self._noted_at = 0.0

    def __call__(self, done: int, in_all: int) -> None:
        if self._stop.is_set():
            raise StoppedError
        if time.monotonic() - self._noted_at < NOTED_EVERY:
            return
        # In a session of its own: the pack reads on in its snapshot. Whoever writes goes first.
        with current_app.app_context(), suppress(BusyError):
            unit_of_work_now(note_parts, self._pack_id, done, in_all, actor=self._actor)
        self._noted_at = time.monotonic()
