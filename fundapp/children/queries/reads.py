"""Who read what names a child."""

from dataclasses import dataclass
from datetime import datetime

from fundapp.children.models import Child, Purpose
from fundapp.identity.queries import names_of
from fundapp.trail.queries import list_child_reads


@dataclass(frozen=True, slots=True)
class ReadRow:
    """Somebody read the child's file, or something that names the child."""

    at: datetime
    reader_name: str
    purpose: Purpose


def list_reads(child: Child, limit: int = 25) -> list[ReadRow]:
    """The last reads of the child, newest first."""
    reads = list_child_reads(child.public_id, limit)
    names = names_of(read.reader for read in reads)
    return [
        ReadRow(read.at, names.get(read.reader, read.reader), Purpose(read.purpose))
        for read in reads
    ]
