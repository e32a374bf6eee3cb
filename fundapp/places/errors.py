"""Errors of lists of places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fundapp.errors import RuleError
from fundapp.markers import N_


@dataclass(frozen=True, slots=True)
class RowError:
    """An error in one row; ``problem`` is an untranslated sentence that ``params`` fill."""

    row: int
    column: str
    problem: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"row {self.row}, {self.column}: {self.problem % self.params}"


class PlacesRejectedError(RuleError):
    """A list of places cannot be imported; nothing of it was."""

    message = N_("The list of places was not imported: %(reason)s")

    def __init__(self, reason: str, errors: Sequence[RowError] = ()) -> None:
        self.errors = tuple(errors)
        super().__init__(params={"reason": reason})
