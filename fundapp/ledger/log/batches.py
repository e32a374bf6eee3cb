"""The worker's part of the log: seal what was posted, sign when it is time, and ask witnesses."""

import threading
from datetime import timedelta

from flask import current_app

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.db import unit_of_work
from fundapp.errors import DomainError
from fundapp.ledger.log.notes import NoteError
from fundapp.ledger.log.operations import keep_cosignature, seal_entries, sign_checkpoint
from fundapp.ledger.log.queries import (
    last_checkpoint,
    list_to_cosign,
    log_number,
    log_size,
    prove_consistency,
)
from fundapp.ledger.log.settings import signing_key
from fundapp.ledger.log.witnessing import Asked, WitnessRefusedError, ask

#: How long sealed entries wait for a checkpoint, and how many at most.
SIGN_EVERY, SIGN_AFTER_ENTRIES = timedelta(minutes=10), 1000


def seal_journal(stop: threading.Event, *, actor: Actor) -> None:
    """Seal every entry that is not sealed yet, and sign a checkpoint if it is time; what stops it
    is an error in the log.
    """
    try:
        while not stop.is_set() and unit_of_work(seal_entries, actor=actor):
            pass
        secret = signing_key()
        if secret is not None and not stop.is_set() and unit_of_work(is_time_to_sign):
            unit_of_work(sign_checkpoint, secret, actor=actor)
    except DomainError as error:
        current_app.logger.error("the journal is not sealed: %s", error)


def seal_everything(*, actor: Actor) -> int:
    """Seal every committed entry that is not sealed yet; gives how many. BooksNotAsSignedError."""
    sealed = 0
    while some := unit_of_work(seal_entries, everywhere=True, actor=actor):
        sealed += some
    return sealed


def is_time_to_sign() -> bool:
    """Whether enough entries, or some for long enough, wait for a checkpoint."""
    last, size = last_checkpoint(), log_size()
    if last is None or last.number < log_number():
        return size > 0
    waiting = size - last.size
    is_old = abs(clock.now() - last.signed_at) >= SIGN_EVERY
    return waiting >= SIGN_AFTER_ENTRIES or (waiting > 0 and is_old)


def ask_witnesses(*, actor: Actor, stop: threading.Event | None = None) -> dict[str, str]:
    """Ask each witness to cosign the newest checkpoint, if it has not; gives what each came to: an
    empty text when it cosigned, or why not. No unit of work is open meanwhile.
    """
    answers = {}
    for asked in unit_of_work(list_to_cosign):
        if stop is not None and stop.is_set():
            break
        answers[asked.name] = _ask(asked, actor)
    return answers


def _ask(asked: Asked, actor: Actor) -> str:
    try:
        lines = ask(asked, lambda old: unit_of_work(prove_consistency, old, asked.size))
        unit_of_work(keep_cosignature, asked, lines, actor=actor)
    except (WitnessRefusedError, NoteError) as error:
        current_app.logger.error("the witness %s did not cosign: %s", asked.name, error)
        return str(error)
    return ""
