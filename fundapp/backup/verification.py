"""Checking a backup where it lies: no database and no key is needed."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fundapp.access.actors import Actor, require
from fundapp.backup import copying, document_copies, manifest
from fundapp.backup.database_copies import Copies, copies_of
from fundapp.backup.errors import BackupRefusedError
from fundapp.backup.manifest import Manifest, ManifestFile, read_manifest
from fundapp.backup.policy import may_back_up


@dataclass(frozen=True, slots=True)
class Verification:
    """A backup's manifest and what is wrong with the folder, in sentences; none when all is right.

    Documents that were missing already when the backup was made are in ``missing`` alone.
    """

    manifest: Manifest
    problems: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """What the backup could not contain, in sentences."""
        return tuple(
            f"The document {key} was missing already when the backup was made."
            for key in self.manifest.missing_documents
        )


def verify_backup(folder: Path, *, programs: Path | None = None, actor: Actor) -> Verification:
    """Compare the backup in ``folder`` with its manifest, and check its database.

    ``programs`` is the folder of pg_restore, None for the PATH. Raises ForbiddenError,
    BackupRefusedError when there is no manifest that can be read.
    """
    require(may_back_up(actor))
    read = read_manifest(folder)
    return Verification(read, tuple(_find_problems(folder, read, copies_of(read.kind, programs))))


def _find_problems(folder: Path, read: Manifest, copies: Copies) -> Iterator[str]:
    listed = {file.path: file for file in read.files}
    present = set(copying.list_files(folder)) - {manifest.NAME}
    for path in sorted(present - listed.keys()):
        yield f"{path} does not belong to the backup: the manifest does not name it."
    whole = set()
    for path, file in listed.items():
        problem = _problem_of_file(folder, file) if path in present else f"{path} is missing."
        if problem is None:
            whole.add(path)
        else:
            yield problem
    if copies.file_name not in listed:
        yield f"{copies.file_name} is missing: the manifest does not name it."
    if copies.file_name in whole:
        yield from _find_problems_of_rows(folder, read, copies)


def _problem_of_file(folder: Path, file: ManifestFile) -> str | None:
    path = folder / file.path
    if not path.is_file():
        return f"{file.path} is not a file."
    size = path.stat().st_size
    if size != file.size:
        return f"{file.path} has {size} bytes; the manifest says {file.size}."
    if copying.sha256(path) != file.sha256:
        return f"{file.path} was changed: its SHA-256 is not that of the manifest."
    return None


def _find_problems_of_rows(folder: Path, read: Manifest, copies: Copies) -> Iterator[str]:
    """What is wrong in the database, and documents that a row names and the manifest does not."""
    path = folder / copies.file_name
    try:
        yield from copies.find_problems(path)
        storage_keys = copies.storage_keys(path)
    except BackupRefusedError as error:
        yield f"{path.name} cannot be read: {error}"
        return
    known = {file.path for file in read.files}
    for key in storage_keys:
        if f"{document_copies.FOLDER}/{key}" not in known and key not in read.missing_documents:
            yield f"The document {key} is missing: a row of the database names it."
