"""What packages above want before a request is approved, and what an approval cites of them.

The committee is in a package above this one, which puts an `Endorsement` into the application's
extensions under `ENDORSEMENTS`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app

from fundapp.disbursements.models import Approval, DisbursementRequest
from fundapp.errors import DomainError

#: Where the application keeps them.
ENDORSEMENTS = "endorsements_of_approvals"


@dataclass(frozen=True, slots=True)
class Endorsement:
    """``find_refusal`` gives the error that says what an approval lacks, or None; ``cite`` notes on
    what a written approval rests; ``cited`` is how the voucher names it, or None.
    """

    find_refusal: Callable[[DisbursementRequest], DomainError | None]
    cite: Callable[[Approval], None]
    cited: Callable[[DisbursementRequest], str | None]


def _endorsements() -> list[Endorsement]:
    found: list[Endorsement] = current_app.extensions.get(ENDORSEMENTS, [])
    return found


def require_endorsed(request: DisbursementRequest) -> None:
    """Raise what an approval of the request lacks."""
    for error in filter(None, (each.find_refusal(request) for each in _endorsements())):
        raise error


def cited_texts(request: DisbursementRequest) -> list[str]:
    """What the voucher of the request names as that on which its approval rests."""
    return [text for text in (each.cited(request) for each in _endorsements()) if text]


def cite_endorsements(approval: Approval) -> None:
    """Note on what an approval rests; it is in the database already."""
    for each in _endorsements():
        each.cite(approval)
