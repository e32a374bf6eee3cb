"""Restoring a backup into an empty place.

Documents come first and the database last, in one step: a restore that is interrupted leaves no
database, so nobody takes what is there for a whole one.
"""

from pathlib import Path

from fundapp.access.actors import Actor, require
from fundapp.backup.contents import count_rows
from fundapp.backup.database_copies import Copies, copies_in_use
from fundapp.backup.document_copies import is_store_empty, restored_documents
from fundapp.backup.errors import BackupRefusedError
from fundapp.backup.manifest import Manifest
from fundapp.backup.policy import may_restore
from fundapp.backup.verification import Verification, verify_backup
from fundapp.backup.versions import is_known_migration
from fundapp.crypto import configured_key_ids, prove_keys
from fundapp.db import db, unit_of_work
from fundapp.trail.operations import record_event


def restore_backup(folder: Path, *, programs: Path | None = None, actor: Actor) -> Verification:
    """Fill the configured database and documents, both empty, from the backup in ``folder``.

    ``programs`` is the folder of pg_restore, None for the PATH. Returns what was found about the
    backup. Raises ForbiddenError, BackupRefusedError, OSError; nothing is kept then, except when
    the restored rows are not as many as the manifest says. Raises KeyringError when FIELD_KEYS are
    not the keys of what was restored.
    """
    require(may_restore(actor))
    copies = copies_in_use(programs)
    _refuse_used_place(copies)
    verification = verify_backup(folder, programs=programs, actor=actor)
    made = verification.manifest
    _refuse_unfit(verification, copies)
    paths = [file.path for file in made.files]
    with restored_documents(folder, paths), copies.restored(folder / copies.file_name):
        pass  # the database is put in place on leaving
    _compare_rows(made)
    prove_keys()
    unit_of_work(
        record_event,
        "backup:backup:restore",
        actor=actor,
        subject_type="backup",
        subject_ref=made.sha256,
        note=f"made {made.created_at}",
    )
    return verification


def _refuse_used_place(copies: Copies) -> None:
    if not copies.is_empty():
        raise BackupRefusedError(
            "The database of DATABASE_URL has tables. A backup is restored into an empty database: "
            "name a new one, and do not run `flask db upgrade` on it before."
        )
    if not is_store_empty():
        raise BackupRefusedError(
            "The place of DOCUMENTS_URL is not empty. Name an empty one; "
            "if a restore was interrupted, delete the documents it left there."
        )


def _refuse_unfit(verification: Verification, copies: Copies) -> None:
    made = verification.manifest
    if verification.problems:
        raise BackupRefusedError(
            "The backup is not whole, and nothing was restored:\n"
            + "\n".join(verification.problems)
        )
    if made.kind != copies.kind:
        raise BackupRefusedError(
            f"The backup is of a {made.kind} database, and DATABASE_URL names one of "
            f"{copies.kind}. Name an empty {made.kind} database."
        )
    if not is_known_migration(made.migration):
        raise BackupRefusedError(
            f"The backup has tables of migration {made.migration}, which this version of the "
            "program does not know. Use the version that made the backup, or a newer one."
        )
    absent = [key_id for key_id in made.field_keys if key_id not in configured_key_ids()]
    if absent:
        raise BackupRefusedError(
            f"The data need the field keys {', '.join(absent)}, which FIELD_KEYS does not name. "
            "Take them from where they are kept apart from the backups."
        )


def _compare_rows(made: Manifest) -> None:
    with db.engine.connect() as connection:
        restored = count_rows(connection, list(made.rows))
    differing = [name for name, count in made.rows.items() if restored[name] != count]
    if differing:
        raise BackupRefusedError(
            f"The restored tables {', '.join(differing)} have other numbers of rows than the "
            "manifest says. Do not use this database; restore again into an empty one."
        )
