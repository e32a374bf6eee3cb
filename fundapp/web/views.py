"""Health checks: whether the process runs, and whether its database is ready."""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app, jsonify

from fundapp.access.marks import public
from fundapp.crypto import find_wrong_keys
from fundapp.db import db
from fundapp.db.instants import behind
from fundapp.db.readiness import can_write

blueprint = Blueprint("web", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """The process runs."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """The database answers, has the newest migration, is encrypted with the keys of FIELD_KEYS, and
    stores what is written; a clock that is behind the newest entry is named.
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
    late = behind(db.session.connection())
    note = {"clock": f"behind by {late.total_seconds():.0f} seconds"} if late else {}
    return jsonify(status="ok", database=db.engine.dialect.name, **note), 200
