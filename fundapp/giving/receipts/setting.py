"""Setting the PDF of a receipt from its frozen content with the template that it names: the same
file whenever it is made. It needs neither database nor keys, so that other processes can do it.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from fundapp.typesetting import set_pdf
from fundapp.web.qr_codes import qr_svg_of_paper

#: The folder of the templates.
PAPERS = Path(__file__).parent / "papers"


@dataclass(frozen=True, slots=True)
class PaperJob:
    """What a PDF of a receipt is set from; ``stamp`` is printed across the top."""

    receipt_id: int
    template: str
    content: Mapping[str, Any]
    stamp: str | None = None


def set_job(job: PaperJob) -> bytes:
    """The PDF."""
    content = job.content
    data = {**content, "stamp": job.stamp, "qr": qr_svg_of_paper(content["verify_url"])}
    day = date.fromisoformat(content["issued"]["iso"])
    return set_pdf(PAPERS / f"{job.template}.typ", data, made_on=day)


def hash_job(job: PaperJob) -> tuple[int, bytes]:
    """The id of the receipt and the SHA-256 of its PDF."""
    return job.receipt_id, hashlib.sha256(set_job(job)).digest()
