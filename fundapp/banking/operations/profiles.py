"""Entering and changing the styles of statement files."""

from sqlalchemy import select

from fundapp.access.actors import Actor, require
from fundapp.banking.errors import ProfileRefusedError, UnknownProfileError
from fundapp.banking.models import StatementProfile
from fundapp.banking.policy import may_save_profiles
from fundapp.banking.statement_files.profiles import COLUMNS, Profile, check_profile
from fundapp.banking.statement_files.queries import join_words
from fundapp.db import db, lock
from fundapp.errors import StaleError
from fundapp.markers import N_
from fundapp.trail.operations import record_event

_WORDS = ("opening_words", "closing_words", "account_words", "period_words")


def save_profile(profile: Profile, *, version: int | None, actor: Actor) -> StatementProfile:
    """Enter a style of statement files, or change the one of this code.

    ``version`` is what the row had when the actor saw it, None for a new style; lines that were
    imported stay as they are. The trail says what was changed. Raises ForbiddenError,
    ProfileRefusedError, UnknownProfileError, and StaleError when somebody changed it since.
    """
    require(may_save_profiles(actor))
    check_profile(profile)
    row = lock(select(StatementProfile).where(StatementProfile.code == profile.code))
    if version is None:
        if row is not None:
            raise ProfileRefusedError(N_("Another style has this code already."), field="code")
        row = StatementProfile(code=profile.code, version=0)
        db.session.add(row)
    elif row is None:
        raise UnknownProfileError(field="profile")
    elif row.version != version:
        raise StaleError
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


def _fill(row: StatementProfile, profile: Profile) -> dict[str, tuple[object, object]]:
    """Set every column; the values before and after, for the trail."""
    values: dict[str, str] = {"title": profile.title}
    values |= {
        f"{column}_headings": join_words(profile.headings.get(column, ())) for column in COLUMNS
    }
    values |= {name: join_words(getattr(profile, name)) for name in _WORDS}
    values |= {"day_form": profile.day_form, "era": profile.era}
    changes: dict[str, tuple[object, object]] = {}
    for name, value in values.items():
        changes[name] = (getattr(row, name) or "", value)
        setattr(row, name, value)
    return changes
