"""The manifest: what is in a backup. It is written last, so a folder without it is no backup."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from fundapp.backup.errors import BackupRefusedError

NAME = "manifest.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class ManifestFile:
    """A file of the backup: its path in the folder, bytes, and SHA-256 in hexadecimal digits."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in a backup.

    ``kind`` is ``sqlite`` or ``postgresql``, ``migration`` the revision of the tables, ``rows`` the
    number of rows by table, ``newest_entry`` the number of the journal's last entry, or None.
    ``field_keys`` are the ids, never the bytes, of the keys that the data need.
    ``missing_documents`` are the keys of documents whose bytes were missing already.
    """

    created_at: str
    kind: str
    migration: str | None
    rows: dict[str, int]
    newest_entry: str | None
    field_keys: tuple[str, ...]
    missing_documents: tuple[str, ...]
    files: tuple[ManifestFile, ...]

    def to_bytes(self) -> bytes:
        """The file's content."""
        document = {"format": FORMAT, **asdict(self)}
        return json.dumps(document, indent=1, ensure_ascii=False).encode("utf-8") + b"\n"

    @property
    def sha256(self) -> str:
        """The hash by which the trail knows the backup, in hexadecimal digits."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    @property
    def entry_count(self) -> int:
        """How many entries the journal has."""
        return self.rows.get("journal_entries", 0)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the backup in ``folder``. Raises BackupRefusedError."""
    try:
        fields = json.loads((folder / NAME).read_bytes())
        version = fields.pop("format")
        if version == FORMAT:
            files = tuple(ManifestFile(**each) for each in fields.pop("files"))
            for name in ("field_keys", "missing_documents"):
                fields[name] = tuple(fields[name])
            return Manifest(**fields, files=files)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise BackupRefusedError(
            f"{folder} is no whole backup: it has no {NAME}, which is written last. "
            "Use another backup."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupRefusedError(
            f"{folder / NAME} is damaged and cannot be read. Use another copy of the backup."
        ) from error
    raise BackupRefusedError(
        f"{folder / NAME} is of format {version}, and this program reads format {FORMAT}. "
        "Use the version of the program that made the backup."
    )
