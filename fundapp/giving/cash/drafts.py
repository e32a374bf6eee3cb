"""What was counted, before it is written: plain values."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date

from fundapp.giving.models import CashDifference, CountKind


@dataclass(frozen=True, slots=True)
class CountDraft:
    """Cash that one person counted. ``subject`` is the number of a donation box, the public id of
    an event, or the code of the office's cash box; ``pieces`` says how many there were of each note
    or coin, by its value in satang.
    """

    kind: CountKind
    subject: str
    counted_on: date
    total_satang: int
    pieces: Mapping[int, int] = field(default_factory=dict)
    bag_number: str = ""
    account_code: str = ""
    difference: CashDifference | None = None

    @property
    def pieces_satang(self) -> int:
        """What the notes and coins come to."""
        return sum(value * count for value, count in self.pieces.items())

    @property
    def digest(self) -> str:
        """SHA-256 of what was typed."""
        content = {**asdict(self), "pieces": sorted(self.pieces.items())}
        return hashlib.sha256(json.dumps(content, default=str, sort_keys=True).encode()).hexdigest()
