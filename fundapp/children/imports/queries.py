"""Lists of children that wait or were taken over; each of who uploaded it alone."""

from sqlalchemy import select

from fundapp.access.actors import Actor
from fundapp.children.imports.models import ChildImport, ChildImportProfile
from fundapp.db import db
from fundapp.errors import NotFoundError

_NEWEST = 20


def list_child_imports(viewer: Actor) -> list[ChildImport]:
    """The newest uploads of the viewer that wait or were taken over."""
    statement = (
        select(ChildImport)
        .where(ChildImport.uploaded_by_id == viewer.user_id)
        .where(ChildImport.committed_at.is_not(None) | ChildImport.rows_encrypted.is_not(None))
        .order_by(ChildImport.id.desc())
        .limit(_NEWEST)
    )
    return list(db.session.scalars(statement))


def get_child_import(public_id: str, *, viewer: Actor) -> ChildImport:
    """The upload; NotFoundError when it is not the viewer's: its rows name children."""
    statement = select(ChildImport).where(
        ChildImport.public_id == public_id, ChildImport.uploaded_by_id == viewer.user_id
    )
    row = db.session.scalar(statement)
    if row is None:
        raise NotFoundError
    return row


def list_child_profiles() -> list[ChildImportProfile]:
    """Every profile, by name."""
    return list(db.session.scalars(select(ChildImportProfile).order_by(ChildImportProfile.name)))


def find_child_profile(name: str) -> ChildImportProfile | None:
    """The profile of this name."""
    return db.session.scalar(select(ChildImportProfile).where(ChildImportProfile.name == name))
