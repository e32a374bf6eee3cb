"""The migrations that this program has."""

from alembic.script import ScriptDirectory
from flask import current_app


def newest_migration() -> str | None:
    """The revision that `flask db upgrade` leads to."""
    return _scripts().get_current_head()


def is_known_migration(revision: str | None) -> bool:
    """Whether this program can work with tables of ``revision``, after an upgrade or without."""
    return revision in {script.revision for script in _scripts().walk_revisions()}


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(current_app.extensions["migrate"].directory)
