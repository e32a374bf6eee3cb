"""The template filters of remarks: what a page shows in the place of a reason or note."""

from flask import Flask
from flask_babel import gettext as _

from fundapp.remarks.encryption import digest_in
from fundapp.remarks.models import ReasonCode
from fundapp.remarks.reader import ShownWords
from fundapp.web.filters import label, moment_day


def remark_text(shown: ShownWords | None, *, with_code: bool = True) -> str:
    """The code, the words where the reader may see them, when and why they were erased, and the
    number; the empty text for None.
    """
    if shown is None:
        return ""
    parts = [label(shown.code)] if with_code else []
    if shown.words:
        parts = [": ".join([*parts, shown.words])]
    if shown.erased_at is not None and shown.erased_why is not None:
        day, why = moment_day(shown.erased_at), label(shown.erased_why)
        parts.append(_("(Erased on %(day)s. %(why)s.)", day=day, why=why))
    return " ".join([*parts, f"[{shown.number}]"])


def note_text(shown: ShownWords | None) -> str:
    """As `remark_text`, for a note, which has no reason."""
    return remark_text(shown, with_code=False)


def code_text(code: str) -> str:
    """The label of a code, or of one as the trail has it; any other text stays as it is."""
    bare = code.partition(" ")[0] if digest_in(code) else code
    return label(ReasonCode(bare)) if bare in set(ReasonCode) else code


def init_app(app: Flask) -> None:
    """Register the filters."""
    app.jinja_env.filters.update(
        remark_text=remark_text, remark_note=note_text, code_text=code_text
    )
