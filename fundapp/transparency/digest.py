"""The digest that a publication keeps of its figures. Pure."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date

from fundapp.transparency.models import PublishedFigure


def publication_digest(month: date, figures: Iterable[PublishedFigure], earlier: bytes) -> bytes:
    """SHA-256 of the month, its figures in order, and the digest of the month before (or none).

    Whoever keeps one digest can prove that no figure of that month or an earlier one was changed.
    """
    rows = sorted(
        [
            str(figure.kind),
            figure.fund_code,
            figure.district_code,
            "" if figure.value is None else str(figure.value),
            "" if figure.rose_in is None else figure.rose_in.isoformat(),
        ]
        for figure in figures
    )
    content = {"earlier": earlier.hex(), "figures": rows, "month": month.isoformat()}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).digest()
