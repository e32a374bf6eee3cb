"""An answer before it is a row."""

from dataclasses import dataclass, field

from fundapp.audit.letters.models import LetterAnswer


@dataclass(frozen=True, slots=True)
class ReplyDraft:
    """What somebody answers; ``satang`` is what they say it was, where it differs."""

    answer: LetterAnswer
    satang: int | None = None
    words: str = field(default="", repr=False)
