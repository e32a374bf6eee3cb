"""Words that stand on rows of other packages, erased by the number of their thing (RQ…).

Those packages are above this one. Each puts its function into the application's extensions under
`ERASERS`, by the letters with which the numbers of its things begin.
"""

from collections.abc import Callable

from flask import current_app

from fundapp.access.actors import Actor
from fundapp.remarks.models import ErasureReason

#: Where the application keeps the functions; the parameters are those of `erase_words_of`.
ERASERS = "erasers_of_words"
Eraser = Callable[..., None]


def erase_words_of(number: str, *, why: ErasureReason, actor: Actor) -> bool:
    """Erase the words of a thing of another package; False when the number is none of those."""
    erasers: dict[str, Eraser] = current_app.extensions.get(ERASERS, {})
    eraser = erasers.get(number.strip().upper()[:2])
    if eraser is None:
        return False
    eraser(number.strip().upper(), why=why, actor=actor)
    return True
