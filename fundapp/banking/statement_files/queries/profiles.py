"""Reading the styles of statement files."""

from sqlalchemy import select

from fundapp.banking.errors import UnknownProfileError
from fundapp.banking.models import Statement, StatementProfile
from fundapp.banking.statement_files.profiles import COLUMNS, Profile
from fundapp.db import db

_BETWEEN = "|"
_WORDS = ("opening_words", "closing_words", "account_words", "period_words")


def list_profiles() -> list[StatementProfile]:
    """The styles, by code."""
    return list(db.session.scalars(select(StatementProfile).order_by(StatementProfile.code)))


def find_last_style() -> str:
    """The code of the style of the last import, empty before the first one."""
    last = select(Statement.profile).order_by(Statement.id.desc()).limit(1)
    return db.session.scalar(last) or ""


def get_profile_row(code: str) -> StatementProfile:
    """The row of a style; UnknownProfileError."""
    row = db.session.get(StatementProfile, code)
    if row is None:
        raise UnknownProfileError(field="profile")
    return row


def get_profile(code: str) -> Profile:
    """The style as files are read by it; UnknownProfileError."""
    return profile_of(get_profile_row(code))


def profile_of(row: StatementProfile) -> Profile:
    """The style that a row describes."""
    return Profile(
        code=row.code,
        title=row.title,
        headings={column: split_words(getattr(row, f"{column}_headings")) for column in COLUMNS},
        day_form=row.day_form,
        era=row.era,
        opening_words=split_words(row.opening_words),
        closing_words=split_words(row.closing_words),
        account_words=split_words(row.account_words),
        period_words=split_words(row.period_words),
    )


def texts_of(profile: Profile) -> dict[str, str]:
    """The columns of the row that describes the style, but for its code."""
    values: dict[str, str] = {"title": profile.title}
    values |= {
        f"{column}_headings": join_words(profile.headings.get(column, ())) for column in COLUMNS
    }
    values |= {name: join_words(getattr(profile, name)) for name in _WORDS}
    return values | {"day_form": str(profile.day_form), "era": str(profile.era)}


def split_words(text: str) -> tuple[str, ...]:
    """The headings or words that a text has between its "|"."""
    return tuple(word.strip() for word in text.split(_BETWEEN) if word.strip())


def join_words(words: tuple[str, ...]) -> str:
    """The text that `split_words` reads."""
    return f" {_BETWEEN} ".join(words)
