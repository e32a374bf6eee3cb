"""Health checks: whether the process runs, and whether its database is ready."""

from collections.abc import Callable, Mapping

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, Response, current_app, jsonify

from fundapp.access.marks import public
from fundapp.crypto import find_wrong_keys
from fundapp.db import db
from fundapp.db.instants import behind
from fundapp.db.readiness import can_write

blueprint = Blueprint("web", __name__)

#: What the program needs attention for while it is ready: a word, and what is wrong.
ReadinessNote = Callable[[], Mapping[str, str]]
_NOTES = "readiness_notes"
#: Why the program is not ready; nothing when it is.
_HALTS = "readiness_halts"


def note_readiness(app: Flask, note: ReadinessNote) -> None:
    """Let `/readyz` ask a package above what needs attention."""
    app.extensions.setdefault(_NOTES, []).append(note)


def halt_readiness(app: Flask, halt: ReadinessNote) -> None:
    """Let `/readyz` answer 503 while a package above names something."""
    app.extensions.setdefault(_HALTS, []).append(halt)


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """The process runs."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """The database answers, has the newest migration, is encrypted with the keys of FIELD_KEYS, and
    stores what is written, and no package above has halted. A clock that is behind the newest entry
    is named, and what packages above need attention for.
    """
    script = ScriptDirectory(current_app.extensions["migrate"].directory)
    try:
        current = MigrationContext.configure(db.session.connection()).get_current_revision()
    except Exception:
        current_app.logger.exception("the database does not answer")
        return jsonify(status="unavailable", database="unreachable"), 503
    if current != script.get_current_head():
        return jsonify(status="unavailable", database="not migrated"), 503
    if find_wrong_keys():
        return jsonify(status="unavailable", keys="not those of this database"), 503
    if not can_write():
        return jsonify(status="unavailable", database="not writable"), 503
    for halt in current_app.extensions.get(_HALTS, ()):
        if named := halt():
            return jsonify(status="unavailable", **named), 503
    late = behind(db.session.connection())
    notes = {"clock": f"behind by {late.total_seconds():.0f} seconds"} if late else {}
    for note in current_app.extensions.get(_NOTES, ()):
        notes |= note()
    return jsonify(status="ok", database=db.engine.dialect.name, **notes), 200
