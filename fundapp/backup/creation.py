"""Making a backup while the program runs.

The database comes first: a document is stored before its row is committed, so what is copied
afterwards includes every document that the rows name. The event of the trail is written in a unit
of work of its own, as the work takes longer than one may.
"""

import shutil
from pathlib import Path

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.backup import copying, manifest
from fundapp.backup.contents import read_contents
from fundapp.backup.database_copies import copies_in_use
from fundapp.backup.document_copies import copy_documents
from fundapp.backup.errors import BackupRefusedError
from fundapp.backup.manifest import Manifest, ManifestFile
from fundapp.backup.policy import may_back_up
from fundapp.db import unit_of_work
from fundapp.durable_files import sync
from fundapp.trail.operations import record_event


def create_backup(folder: Path, *, programs: Path | None = None, actor: Actor) -> Manifest:
    """Make a backup in ``folder``, which must be absent or empty; returns its manifest.

    ``programs`` is the folder of pg_dump, None for the PATH. Everything is written beside it, under
    the name with ``.part``, and gets the name at the end. A document whose bytes are missing is
    named in the manifest. Raises ForbiddenError, BackupRefusedError, OSError.
    """
    require(may_back_up(actor))
    folder = folder.absolute()
    part = _begin(folder)
    try:
        made = _fill(part, programs)
        unit_of_work(
            record_event,
            "backup:backup:create",
            actor=actor,
            subject_type="backup",
            subject_ref=made.sha256,
            note=f"{len(made.files)} files",
        )
        # After the event: a backup that the trail does not know is never whole.
        copying.write(part / manifest.NAME, made.to_bytes())
        copying.sync_folders(part)
        _finish(part, folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return made


def _begin(folder: Path) -> Path:
    """The new, empty folder to write to; only its owner may enter it."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupRefusedError(f"{folder} is not empty. Name a new folder for each backup.")
    part = folder.with_name(f"{folder.name}.part")
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        part.mkdir(mode=0o700)
    except FileExistsError as error:
        raise BackupRefusedError(
            f"{part} is there: another backup runs, or one was interrupted. "
            "When none runs, delete it and begin again."
        ) from error
    return part


def _finish(part: Path, folder: Path) -> None:
    try:
        part.rename(folder)
    except OSError as error:
        raise BackupRefusedError(f"{folder} is not empty any more; nothing was kept.") from error
    sync(folder.parent)


def _fill(part: Path, programs: Path | None) -> Manifest:
    """Write the database and the documents; the manifest of them."""
    copies = copies_in_use(programs)
    database = part / copies.file_name
    created_at = clock.now()
    with copies.copied(database) as connection:
        contents = read_contents(connection)
    sync(database)
    key_ids, missing = copy_documents(contents.storage_keys, part)
    key_ids |= contents.field_keys
    return Manifest(
        created_at=clock.iso(created_at),
        kind=copies.kind,
        migration=contents.migration,
        rows=contents.rows,
        newest_entry=contents.newest_entry,
        field_keys=tuple(sorted(key_ids)),
        missing_documents=tuple(missing),
        files=tuple(_describe(part, path) for path in sorted(copying.list_files(part))),
    )


def _describe(part: Path, path: str) -> ManifestFile:
    return ManifestFile(path, (part / path).stat().st_size, copying.sha256(part / path))
