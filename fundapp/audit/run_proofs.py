"""Proofs of stored runs: a keyed hash of what a run came to, which nobody makes who has the
database alone. It is looked at whenever a run is shown or counted.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence

from sqlalchemy import select

from fundapp.audit.models import (
    CheckRun,
    CheckRunProof,
    CheckState,
    RunBeforeProofs,
    StoredResult,
)
from fundapp.crypto import keyring
from fundapp.db import db

_SECONDS = "%Y-%m-%dT%H:%M:%SZ"


def prove(run: CheckRun, results: Sequence[StoredResult]) -> CheckRunProof:
    """The proof of a run that is being stored."""
    states = [result.state for result in results]
    proof = CheckRunProof(
        run_id=run.id,
        red_count=states.count(CheckState.RED),
        yellow_count=states.count(CheckState.YELLOW),
        results_sha256=_digest(results),
    )
    proof.proof = _keyed_hash(run, proof)
    return proof


def is_proved(run: CheckRun, proof: CheckRunProof | None) -> bool:
    """Whether this program stored the run with these counts of red and yellow checks."""
    return proof is not None and hmac.compare_digest(proof.proof, _keyed_hash(run, proof))


def are_proved(results: Iterable[StoredResult], proof: CheckRunProof) -> bool:
    """Whether these are the results of which the proof, that holds itself, was made."""
    return hmac.compare_digest(proof.results_sha256, _digest(results))


def find_unproved(most: int) -> list[CheckRun]:
    """Of the ``most`` newest runs, those that this program did not store as they are, and those
    whose proof is gone; what was stored before there were proofs has none and is left out.
    """
    before = select(RunBeforeProofs.run_id)
    runs = db.session.execute(
        select(CheckRun, CheckRunProof)
        .outerjoin(CheckRunProof, CheckRunProof.run_id == CheckRun.id)
        .where(CheckRun.id.not_in(before))
        .order_by(CheckRun.id.desc())
        .limit(most)
    ).all()
    stored: dict[int, list[StoredResult]] = {run.id: [] for run, _proof in runs}
    wanted = select(StoredResult).where(StoredResult.run_id.in_(stored))
    for result in db.session.scalars(wanted):
        stored[result.run_id].append(result)
    return [
        run
        for run, proof in runs
        if not (is_proved(run, proof) and are_proved(stored[run.id], proof))
    ]


def _digest(results: Iterable[StoredResult]) -> bytes:
    said = [
        [each.name, each.position, each.state.value, each.violation_count, each.violations,
         each.took_ms]
        for each in sorted(results, key=lambda result: result.name)
    ]  # fmt: skip
    return hashlib.sha256(_bytes(said)).digest()


def _keyed_hash(run: CheckRun, proof: CheckRunProof) -> bytes:
    said = [
        run.id, run.order_id, run.is_full, run.started_at.strftime(_SECONDS),
        run.ended_at.strftime(_SECONDS), run.asked_by, run.run_by, run.began_after, run.proved_to,
        run.entry_count, proof.red_count, proof.yellow_count, proof.results_sha256.hex(),
    ]  # fmt: skip
    return keyring().lookup(_bytes(said).decode(), f"{CheckRunProof.__tablename__}.proof")


def _bytes(said: object) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
