"""`python -m tests.faults [FAULT …]`: bring the faults named, or all, on both databases.

Prints one line for each fault and database. Ends with 1 when something that must be 0 is not:
internal errors, answers 503 without Retry-After, requests refused after the fault was over, and
what is lost, doubled, unbalanced, torn or red. `DATABASE=` takes one database, `KILLS=` how often
`kill` and `sealing` kill.
"""

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.load import AUDITOR, FUND, OFFICER, PASSWORD
from tests.faults.places import PLACES
from tests.faults.processes import Group, Server, end, forked, free_port, prepare, settings
from tests.faults.rows import Findings, look
from tests.faults.scenes import KILLS, SCENES, NotRunError, Outcome, Stage

COLUMNS = ("fault", "database", "requests", "acknowl.", "503", "cut", "500", "other", "late",
           "lost", "doubled", "unbalanced", "red", "torn", "seconds")  # fmt: skip
LINE = "{:<9} {:<11} {:>8} {:>8} {:>6} {:>5} {:>4} {:>5} {:>4} {:>4} {:>7} {:>10} {:>4} {:>9} {:>7}"


def main(names: list[str]) -> int:
    """Bring the faults; 0 when everything is as promised."""
    unknown = set(names) - set(SCENES)
    if unknown:
        print(f"no fault is called {', '.join(sorted(unknown))}; there are {', '.join(SCENES)}")
        return 2
    forked.set_forkserver_preload(["tests.faults.preloaded"])
    folder = Path(tempfile.mkdtemp(prefix="fundapp-faults-"))
    chosen = os.environ.get("DATABASE")
    print(LINE.format(*COLUMNS), flush=True)
    try:
        kinds = [kind for kind in PLACES if chosen in (None, "", kind.name)]
        good = [_on(kind, folder, names or list(SCENES)) for kind in kinds]
    finally:
        shutil.rmtree(folder)
    print("What was run is as promised." if all(good) else "Not everything is as promised.")
    return 0 if all(good) else 1


def _on(kind, folder: Path, names: list[str]) -> bool:
    place = kind(folder / kind.name)
    try:
        log = folder / f"{kind.name}.log"
        environment = settings(place.url, folder)
        first = Group(prepare, (FUND, OFFICER, AUDITOR, PASSWORD), environment, log)
        first.process.join(60)
        kills = int(os.environ.get("KILLS") or KILLS)
        stage = Stage(place, Server(free_port(), environment, log), folder, kills)
        results = [_bring(name, stage) for name in names]
        return all(results)
    finally:
        end()
        place.close()


def _bring(name: str, stage: Stage) -> bool:
    """Bring one fault on a fresh server, and print its line."""
    began = time.monotonic()
    start = stage.server.log.stat().st_size
    try:
        stage.server.start()
        outcome = SCENES[name](stage)
    except NotRunError as reason:
        print(f"{name:<9} {stage.place.name:<11} NOT RUN: {reason}", flush=True)
        return True
    finally:
        stage.server.stop()
    found = look(stage.place, outcome.tally.keys, outcome.posted, stage.server.environment)
    problems = [*outcome.problems, *_problems(outcome, found)]
    _print(name, stage, outcome, found, time.monotonic() - began)
    for problem in problems:
        print(f"{'':<9} !! {problem}")
    if outcome.tally.errors:
        _print_log(stage.server.log, start)
    return not problems


def _problems(outcome: Outcome, found: Findings) -> list[str]:
    tally = outcome.tally
    must_be_zero = {
        "internal errors": tally.errors,
        "other answers": sum(tally.other.values()),
        "answers 503 without Retry-After": tally.without_retry,
        "requests refused after the fault was over": tally.late,
        "acknowledged and lost": found.lost,
        "doubled": found.doubled,
        "unbalanced": found.unbalanced,
        "torn reports": outcome.torn,
    }
    sentences = [f"{what}: {count}" for what, count in must_be_zero.items() if count]
    if tally.other:
        sentences.append(f"answers: {dict(tally.other)}")
    if found.red:
        sentences.append(f"red checks: {', '.join(found.red)}")
    if not tally.acknowledged:
        sentences.append("nothing was acknowledged: there was no load")
    return sentences


def _print(name: str, stage: Stage, outcome: Outcome, found: Findings, seconds: float) -> None:
    tally = outcome.tally
    torn = f"{outcome.torn}/{outcome.reports}" if outcome.reports else "-"
    print(
        LINE.format(
            name, stage.place.name, tally.requests, tally.acknowledged, tally.refused, tally.cut,
            tally.errors, sum(tally.other.values()), tally.late, found.lost, found.doubled,
            found.unbalanced, len(found.red), torn, f"{seconds:.0f}",
        )
    )  # fmt: skip
    again = f"; {tally.begun_again} forms opened again" if tally.begun_again else ""
    beside = f"{len(outcome.posted)} entries posted beside it"
    print(f"{'':<9} {outcome.way}; {beside}{again}", flush=True)


def _print_log(log: Path, start: int) -> None:
    """The first internal error that the server wrote of."""
    text = log.read_bytes()[start:].decode(errors="replace")
    print(text[text.find("unexpected error") :][:6000])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
