"""Witnesses: other parties, which cosign a checkpoint when it goes on from the one before (C2SP
tlog-witness). What is asked of one, and what it answers.

A witness keeps the last checkpoint that it cosigned. Whoever shows it another history is refused:
so the fund cannot have two that are both cosigned.
"""

import base64
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

#: Seconds that a witness may take, and bytes that it may answer.
_PATIENCE, _MOST_BYTES = 10.0, 65_536
_MOST_DIGITS = 18

#: The proof that the checkpoint begins with the first so many leaves; none of zero leaves.
Prove = Callable[[int], Sequence[bytes]]


class WitnessRefusedError(Exception):
    """A witness did not cosign; says why."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a witness is asked to cosign. ``cosigned_size`` is what it cosigned before, as far as we
    know.
    """

    name: str
    url: str
    number: int
    size: int
    note: str
    cosigned_size: int


def is_address(url: str) -> bool:
    """Whether a witness can be asked there."""
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.query


def ask(asked: Asked, prove: Prove) -> str:
    """The lines with which the witness cosigned. It is asked once more when it knows another size
    than we thought. Raises WitnessRefusedError.
    """
    answer = _post(asked, asked.cosigned_size, prove)
    if isinstance(answer, int):
        if answer > asked.size:
            raise WitnessRefusedError(
                f"it has cosigned {answer} entries, but there are {asked.size}"
            )
        answer = _post(asked, answer, prove)
    if isinstance(answer, int):
        raise WitnessRefusedError("it knows another history of as many entries")
    return answer


def request_body(old: int, path: Sequence[bytes], note: str) -> bytes:
    """What is sent to ``add-checkpoint``."""
    steps = "".join(f"{base64.b64encode(step).decode()}\n" for step in path)
    return f"old {old}\n{steps}\n{note}".encode()


def _post(asked: Asked, old: int, prove: Prove) -> str | int:
    """The lines that the witness answers, or the size that it cosigned last."""
    path = prove(old) if 0 < old < asked.size else ()
    request = urllib.request.Request(  # noqa: S310 - `is_address` has looked at it
        asked.url.rstrip("/") + "/add-checkpoint",
        data=request_body(old, path, asked.note),
        headers={"Content-Type": "text/plain; charset=utf-8"},
    )
    try:
        with _opener.open(request, timeout=_PATIENCE) as answer:
            return str(answer.read(_MOST_BYTES).decode("utf-8"))
    except urllib.error.HTTPError as error:
        said = error.read(_MOST_BYTES).decode("utf-8", "replace").strip()
        is_size = said.isascii() and said.isdigit() and len(said) <= _MOST_DIGITS
        if error.code == HTTPStatus.CONFLICT and is_size:
            return int(said)
        raise WitnessRefusedError(f"{error.code} {said[:200]}".strip()) from None
    except (OSError, ValueError) as error:
        raise WitnessRefusedError(str(error) or type(error).__name__) from None


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A witness is asked where it was said to be."""

    def redirect_request(self, *_args: Any, **_named: Any) -> None:
        """Go nowhere else."""


_opener = urllib.request.build_opener(_NoRedirects)
