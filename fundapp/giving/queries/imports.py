"""Reading spreadsheets that wait or were taken over, and the profiles of their columns."""

from sqlalchemy import select

from fundapp import clock
from fundapp.db import db
from fundapp.errors import NotFoundError
from fundapp.giving.models import DonorImport, ImportProfile

_MOST_PROFILES = 100


def get_import(public_id: str) -> DonorImport:
    """The import with this id; NotFoundError."""
    found = db.session.scalar(select(DonorImport).where(DonorImport.public_id == public_id))
    if found is None:
        raise NotFoundError
    return found


def list_imports(limit: int = 20) -> list[DonorImport]:
    """The newest uploads that wait or were taken over."""
    shown = DonorImport.committed_at.is_not(None) | (
        DonorImport.rows_encrypted.is_not(None) & (DonorImport.expires_at > clock.now())
    )
    newest = select(DonorImport).where(shown).order_by(DonorImport.id.desc()).limit(limit)
    return list(db.session.scalars(newest))


def find_profile(name: str) -> ImportProfile | None:
    """The profile with this name, if there is one."""
    return db.session.scalar(select(ImportProfile).where(ImportProfile.name == name))


def list_profiles() -> list[ImportProfile]:
    """The profiles by name."""
    by_name = select(ImportProfile).order_by(ImportProfile.name).limit(_MOST_PROFILES)
    return list(db.session.scalars(by_name))
