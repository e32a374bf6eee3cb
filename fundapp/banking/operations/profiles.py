"""Entering and changing the styles of statement files."""

from sqlalchemy import select

from fundapp.access.actors import Actor, require
from fundapp.banking.errors import ProfileRefusedError, UnknownProfileError
from fundapp.banking.models import StatementProfile
from fundapp.banking.policy import may_propose_banking, may_save_profiles
from fundapp.banking.statement_files.profiles import Profile, check_profile
from fundapp.banking.statement_files.queries import texts_of
from fundapp.db import db, lock
from fundapp.errors import StaleError
from fundapp.markers import N_
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations import make_proposal
from fundapp.trail.operations import record_event

#: The name of the kind of proposals.
PROFILE = "statement-profile"


def propose_profile(profile: Profile, *, version: int | None, actor: Actor) -> Proposal:
    """Propose a style of statement files, new (``version`` None) or changed, for an administrator
    to confirm.

    Raises as `save_profile` does, NothingProposedError and AlreadyProposedError.
    """
    require(may_propose_banking(actor))
    check_profile(profile)
    _lock_version(profile.code, version)
    return make_proposal(PROFILE, profile.code, texts_of(profile), actor=actor)


def save_profile(profile: Profile, *, version: int | None, actor: Actor) -> StatementProfile:
    """Enter a style of statement files, or change the one of this code.

    ``version`` is what the row had when the actor saw it, None for a new style; lines that were
    imported stay as they are. The trail says what was changed. Raises ForbiddenError,
    ProfileRefusedError, UnknownProfileError, and StaleError when somebody changed it since.
    """
    require(may_save_profiles(actor))
    check_profile(profile)
    row = _lock_version(profile.code, version)
    if row is None:
        row = StatementProfile(code=profile.code, version=0)
        db.session.add(row)
    changes = _fill(row, profile)
    row.version += 1
    record_event(
        "banking:profile:save",
        actor=actor,
        subject_type="statement_profile",
        subject_ref=profile.code,
        changes=changes,
    )
    db.session.flush()
    return row


def _lock_version(code: str, version: int | None) -> StatementProfile | None:
    """The row of the style, locked, in the version that the actor saw; None for a new style."""
    row = lock(select(StatementProfile).where(StatementProfile.code == code))
    if version is None:
        if row is not None:
            raise ProfileRefusedError(N_("Another style has this code already."), field="code")
        return None
    if row is None:
        raise UnknownProfileError(field="profile")
    if row.version != version:
        raise StaleError
    return row


def _fill(row: StatementProfile, profile: Profile) -> dict[str, tuple[object, object]]:
    """Set every column; the values before and after, for the trail."""
    changes: dict[str, tuple[object, object]] = {}
    for name, value in texts_of(profile).items():
        changes[name] = (getattr(row, name) or "", value)
        setattr(row, name, value)
    return changes
