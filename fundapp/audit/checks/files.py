"""The check of the program's own files: nobody else on the machine may read them."""

from collections.abc import Iterator
from pathlib import Path

from flask import current_app

from fundapp.audit.checks.base import Check, Violation
from fundapp.db import db, files_of_database
from fundapp.documents import store
from fundapp.markers import N_
from fundapp.private_files import find_wide


def private_files() -> Iterator[Violation]:
    """Database, documents and secrets of the demo have mode 0600, their folders 0700."""
    for path in find_wide(_paths()):
        yield Violation(str(path), "can be read by others on this machine; chmod go-rwx it")


def _paths() -> Iterator[Path]:
    yield from files_of_database(db.engine)
    yield from Path(current_app.instance_path).glob("demo-*.json")
    yield from store.paths()


CHECKS = (
    Check(
        "files.private",
        N_("Nobody else on the machine may read the database, the documents and secrets."),
        private_files,
        is_warning=True,
    ),
)
