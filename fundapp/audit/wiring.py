"""What `/readyz` says of the checks, what blocks the closing of months, and the commands for it."""

from collections.abc import Mapping

from flask import Flask

from fundapp import clock, commands
from fundapp.audit.closing.cli import cli as period_commands
from fundapp.audit.closing.lists import find_lists
from fundapp.audit.queries import RunsState, runs_state
from fundapp.ledger.closing import CLOSING_RULES
from fundapp.web.views import note_readiness

_NOTES = {
    RunsState.NEVER: "have never run",
    RunsState.RED: "failed",
    RunsState.OLD: "have not run for 36 hours",
}


def init_app(app: Flask) -> None:
    """Let `/readyz` name a failed or an old run, and closing ask for the list of a month."""
    note_readiness(app, checks_note)
    app.extensions.setdefault(CLOSING_RULES, []).append(find_lists)
    app.cli.add_command(commands.plain(period_commands))


def checks_note() -> Mapping[str, str]:
    """What stands about the checks beside ``ok``; nothing when all is well."""
    note = _NOTES.get(runs_state(clock.now()))
    return {"checks": note} if note else {}
