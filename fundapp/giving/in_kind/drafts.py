"""A gift in kind before it is written: plain values."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date

from fundapp.giving.models import DonorKind


@dataclass(frozen=True, slots=True)
class InKindDraft:
    """What was given, its value (satang) as the giver says, and by whom: a known donor, or one of
    this name, kind and e-mail address.
    """

    description: str
    declared_satang: int
    received_on: date
    donor_id: int | None = None
    name: str = ""
    kind: DonorKind = DonorKind.INDIVIDUAL
    email: str | None = None
    is_anonymous: bool = False

    @property
    def digest(self) -> str:
        """SHA-256 of the content."""
        content = json.dumps(asdict(self), default=str, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()
