"""`python -m tests.mutants [TARGET …]`: the share of mutants that the tests notice.

`MUTANTS=` takes a sample of that size of each target (the same one every time), `JOBS=` says how
many run at once. Ends with 1 when a share is below 90 % or a test fails without a change.
"""

import importlib
import os
import pickle
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import databases
from tests.mutants.changes import Mutant, mutants_of
from tests.mutants.runs import ARGUMENTS, Collected, Forks, Outcomes, Reach, limit, run_imported
from tests.mutants.targets import EQUIVALENT, ROOT, TARGETS, Target

SEED = 2570
MINIMUM_PERCENT = 90
NOTICED = {"killed", "timed out"}
NOT_REACHED = "not reached"

#: What every fork would import anew; nothing of ours, which a mutant may replace.
LIBRARIES = (
    "alembic", "babel", "cryptography", "email_validator", "flask", "flask_babel",
    "flask_login", "flask_migrate", "flask_sqlalchemy",
    "flask_wtf", "jinja2", "num2words", "PIL.Image", "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite", "sqlalchemy.orm", "wtforms",
)  # fmt: skip


def main(names: list[str]) -> int:
    """Measure the targets named, or all."""
    os.environ["TEST_DATABASE"] = "sqlite"
    databases.make_run_folder()
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(databases.run_folder() / "hypothesis")
    for library in LIBRARIES:
        importlib.import_module(library)
    try:
        _in_fork(_make_template)
        os.environ[databases.TEMPLATE] = str(_template())
        targets = [target for target in TARGETS if not names or target.name in names]
        reached = [measure(target) for target in targets]
    finally:
        databases.remove_run_folder()
    return 0 if all(reached) else 1


def measure(target: Target) -> bool:
    """Measure one target, print each mutant that survives when it does, and the share; whether
    enough was noticed.
    """
    began = time.monotonic()
    mutants = _sample(target)
    folder = Path(tempfile.mkdtemp(dir=databases.run_folder()))

    def tell(number: int, outcome: str) -> None:
        if outcome not in NOTICED:
            _print_mutant(mutants[number], outcome)
        if (done := len(forks.outcomes)) % 100 == 0:
            print(f"  {done} of {len(mutants)} done", flush=True)

    forks = Forks(int(os.environ.get("JOBS") or os.cpu_count() or 1), folder, tell)
    reach, outcomes = _run_collected(target, mutants, forks)
    if reach.failed:
        print(f"{target.name}: fails without a change: {', '.join(reach.failed)}")
        return False
    for number, mutant in enumerate(mutants):
        tests = reach.tests_of(mutant, target.first)
        if tests and number not in outcomes:
            forks.start(
                number, 20 + limit(reach, tests), lambda m=mutant, t=tests: run_imported(m, t)
            )
    outcomes = outcomes | forks.finish()
    return _report(target, mutants, outcomes, time.monotonic() - began)


def _sample(target: Target) -> list[Mutant]:
    neutral = {(path, before, after) for path, before, after, _reason in EQUIVALENT}
    mutants = [
        mutant
        for file in target.files()
        for mutant in mutants_of(file)
        if (_name(mutant), mutant.before, mutant.after) not in neutral
        and mutant.function_name not in target.on_postgresql
    ]
    size = int(os.environ.get("MUTANTS") or len(mutants))
    chosen = random.Random(SEED).sample(range(len(mutants)), min(size, len(mutants)))  # noqa: S311 - a sample, no secret
    return [mutants[number] for number in sorted(chosen)]


def _run_collected(target: Target, mutants: list[Mutant], forks: Forks) -> tuple[Reach, Outcomes]:
    """Collect the target's tests in a fork and run there what can be run there."""
    answer = forks.folder / "answer"

    def collect() -> None:
        plugin = Collected(mutants, forks, target.first, answer)
        plugin.lines.start()
        tests = [test for test in target.tests if (ROOT / test).exists()]
        pytest.main([*ARGUMENTS, *tests], plugins=[plugin])

    _in_fork(collect)
    if not answer.exists():
        return Reach(failed=["the collection of its tests"]), {}
    reach, outcomes = pickle.loads(answer.read_bytes())  # noqa: S301 - our own fork wrote it
    return reach, outcomes


def _template() -> Path:
    return databases.run_folder() / "template.db"


def _make_template() -> None:
    from tests.conftest import migrate

    migrate(f"sqlite:///{_template()}")


def _in_fork(work: Callable[[], None]) -> None:
    """Do ``work`` in a process of its own, so that nothing of ours is imported in this one."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0)
    os.waitpid(pid, 0)


def _report(target: Target, mutants: list[Mutant], outcomes: Outcomes, seconds: float) -> bool:
    alive = [
        (mutant, outcomes.get(number, NOT_REACHED))
        for number, mutant in enumerate(mutants)
        if outcomes.get(number) not in NOTICED
    ]
    killed = len(mutants) - len(alive)
    share = 100 * killed / len(mutants) if mutants else 100.0
    print(
        f"{target.name}: {len(mutants)} mutants, {killed} killed, {share:.1f} % ({seconds:.0f} s)",
        flush=True,
    )
    for mutant, outcome in alive:
        if outcome == NOT_REACHED:
            _print_mutant(mutant, outcome)
    return share >= MINIMUM_PERCENT


def _print_mutant(mutant: Mutant, outcome: str) -> None:
    print(
        f"  {_name(mutant)}:{mutant.line} {outcome}: {mutant.before} → {mutant.after}", flush=True
    )


def _name(mutant: Mutant) -> str:
    return mutant.path.relative_to(ROOT).as_posix()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
