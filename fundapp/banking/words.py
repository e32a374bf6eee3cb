"""What states and kinds are called, and sentences in the language in use."""

from datetime import date

from flask_babel import gettext

from fundapp.banking.candidates import CandidateKind
from fundapp.banking.models import LineStatus
from fundapp.banking.reasons import Sentence, Value
from fundapp.money import format_baht
from fundapp.web.filters import day
from fundapp.web.lazy import lazy as _l

STATUS_LABELS: dict[LineStatus, str] = {
    LineStatus.UNMATCHED: _l("To match"),
    LineStatus.MATCHED: _l("Matched"),
    LineStatus.HELD: _l("On hold"),
    LineStatus.IGNORED: _l("Ignored"),
}

KIND_LABELS: dict[CandidateKind, str] = {
    CandidateKind.INSTALMENT: _l("Instalment"),
    CandidateKind.PAYMENT: _l("Recorded payment"),
    CandidateKind.PAYOUT: _l("Payout"),
    CandidateKind.ENTRY: _l("Entry of the books"),
}

_TONES = {
    LineStatus.UNMATCHED: "warn",
    LineStatus.MATCHED: "good",
    LineStatus.HELD: "info",
    LineStatus.IGNORED: "neutral",
}


def label(status: LineStatus) -> str:
    """What a state is called."""
    return str(STATUS_LABELS[status])


def tone(status: LineStatus) -> str:
    """The tone of a state: neutral, info, good, warn or bad."""
    return _TONES[status]


def say(sentence: Sentence) -> str:
    """A sentence in the language in use, with days and amounts written as people do."""
    values = {name: _written(name, value) for name, value in sentence.values.items()}
    return str(gettext(sentence.text, **values))


def memo(text: str) -> str:
    """The memo of an entry: ours are message ids, a person's reason stands as it was written."""
    return str(gettext(text)) if text else ""


def _written(name: str, value: Value) -> str:
    if name.endswith("_on"):
        return day(date.fromisoformat(str(value)))
    return format_baht(int(value)) if name.endswith("_satang") else str(value)
