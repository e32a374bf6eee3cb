"""What `/readyz` says of the checks."""

from collections.abc import Mapping

from flask import Flask

from fundapp import clock
from fundapp.audit.queries import RunsState, runs_state
from fundapp.web.views import note_readiness

_NOTES = {
    RunsState.NEVER: "have never run",
    RunsState.RED: "failed",
    RunsState.OLD: "have not run for 36 hours",
}


def init_app(app: Flask) -> None:
    """Let `/readyz` name a failed or an old run."""
    note_readiness(app, checks_note)


def checks_note() -> Mapping[str, str]:
    """What stands about the checks beside ``ok``; nothing when all is well."""
    note = _NOTES.get(runs_state(clock.now()))
    return {"checks": note} if note else {}
