"""Runs tests against mutants: each in a forked process, where the change is made in memory.

One process collects the tests of a target. A fork of it runs them all once and notes which test
reaches which line. Then each mutant has a fork of its own, with the code of the changed function
exchanged, and runs only tests that reach the change, until one fails. A change that takes effect
when its module is imported has a fork of the first process, which has imported nothing of ours.
"""

import ast
import gc
import importlib.abc
import importlib.machinery
import importlib.util
import os
import pickle
import shutil
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, NoReturn

import coverage
import pytest

from tests import databases
from tests.mutants.changes import Mutant

ARGUMENTS = (
    "-q", "-p", "no:cacheprovider", "-p", "no:terminalreporter", "--hypothesis-seed=0",
    "-o", "faulthandler_timeout=0",
)  # fmt: skip

#: A mutant that no test has noticed after this many seconds of tests is not pursued further.
#: Seconds are those of the processor, so that a busy machine measures the same.
TESTS_SECONDS = 6.0
#: How much longer than without a change the tests of a mutant may take before they are ended.
PATIENCE = 4
#: Ends what waits for something that never comes, on the busiest machine.
WAIT_SECONDS = 300
SURVIVED, KILLED = 0, 1

Outcomes = dict[int, str]


@dataclass
class Reach:
    """Which test reaches which lines, from one run of all without a change."""

    seconds: dict[str, float] = field(default_factory=dict)
    tests: dict[str, dict[int, set[str]]] = field(default_factory=dict)
    imported: dict[str, set[int]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def tests_of(self, mutant: Mutant, first: str) -> list[str]:
        """The tests to run, those of the folder ``first`` and the quick ones before others.

        Reading a constant leaves no trace, so what acts on import is put to all tests, those in
        files that reach its module before others.
        """
        on_import = self.acts_on_import(mutant)
        lines = self.tests.get(str(mutant.path), {})
        wanted = lines.keys() if on_import else mutant.lines
        reaching = {test for line in wanted for test in lines.get(line, ())}
        files = {_file(test) for test in reaching}
        candidates = self.seconds if on_import else reaching
        chosen, total = [], 0.0
        for test in sorted(
            candidates,
            key=lambda test: (_file(test) not in files, first not in test, self.seconds[test]),
        ):
            if chosen and total + self.seconds[test] > TESTS_SECONDS:
                break
            chosen.append(test)
            total += self.seconds[test]
        return chosen

    def acts_on_import(self, mutant: Mutant) -> bool:
        """Whether the changed lines run when modules are imported."""
        on_import = self.imported.get(str(mutant.path), set())
        return mutant.function is None or not on_import.isdisjoint(mutant.lines)


class Forks:
    """Runs pieces of work in forked processes, a few at a time, and keeps how each ended, which it
    tells at once.
    """

    def __init__(self, jobs: int, folder: Path, tell: Callable[[int, str], None]) -> None:
        self.jobs = jobs
        self.folder = folder
        self.tell = tell
        self.running: dict[int, int] = {}
        self.outcomes: Outcomes = {}

    def start(self, number: int, seconds: float, work: Callable[[], int]) -> None:
        """Run ``work`` in a fork, whose exit code it gives; ended after so many ``seconds``."""
        while len(self.running) >= self.jobs:
            self._wait()
        folder = self.folder / str(number)
        folder.mkdir()
        pid = os.fork()
        if pid == 0:
            _be_quiet()
            os.environ[databases.FOLDER] = str(folder)
            signal.setitimer(signal.ITIMER_PROF, seconds)
            signal.alarm(WAIT_SECONDS)
            _end(work)
        self.running[pid] = number

    def finish(self) -> Outcomes:
        """How each piece ended, by number."""
        while self.running:
            self._wait()
        return self.outcomes

    def _wait(self) -> None:
        pid, status = os.wait()
        number = self.running.pop(pid)
        if os.WIFSIGNALED(status):
            self.outcomes[number] = "timed out"
        else:
            code = os.waitstatus_to_exitcode(status)
            self.outcomes[number] = "survived" if code == SURVIVED else "killed"
        self.tell(number, self.outcomes[number])
        shutil.rmtree(self.folder / str(number), ignore_errors=True)


def _be_quiet() -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)


def _end(work: Callable[[], int]) -> NoReturn:
    """End this process with the code of ``work``, with nothing cleaned up."""
    code = KILLED
    try:
        code = work()
    finally:
        os._exit(code)


class Collected:
    """A plugin that runs the collected tests in forks instead of once."""

    def __init__(self, mutants: Sequence[Mutant], forks: Forks, first: str, answer: Path) -> None:
        self.mutants = mutants
        self.forks = forks
        self.first = first
        self.answer = answer
        self.lines = coverage.Coverage(
            data_file=None, config_file=False, include=[str(mutant.path) for mutant in mutants]
        )

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run all tests once, then those of each mutant; the answer goes into a file."""
        if session.testsfailed:
            raise session.Failed("not every test could be collected")
        for name in {_module(mutant.path) for mutant in self.mutants}:
            importlib.import_module(name)  # commands and views are imported by the application
        reach_file = self.answer.with_suffix(".reach")
        pid = os.fork()
        if pid == 0:
            _end(lambda: self._note_reach(session, reach_file))
        os.waitpid(pid, 0)
        self.lines.stop()
        reach: Reach = pickle.loads(reach_file.read_bytes())  # noqa: S301 - our own fork wrote it
        items = {item.nodeid: item for item in session.items}
        for number, mutant in enumerate(self.mutants):
            tests = reach.tests_of(mutant, self.first)
            if tests and not reach.failed and not reach.acts_on_import(mutant):
                chosen = [items[test] for test in tests]
                self.forks.start(
                    number,
                    limit(reach, tests),
                    lambda mutant=mutant, chosen=chosen: _run_exchanged(mutant, chosen),
                )
        self.answer.write_bytes(pickle.dumps((reach, self.forks.finish())))
        return True

    def _note_reach(self, session: pytest.Session, file: Path) -> int:
        reach = Reach()
        notes = _Notes(reach)
        session.config.pluginmanager.register(notes)
        for item, following in _pairs(session.items):
            self.lines.switch_context(item.nodeid)
            began = time.process_time()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            reach.seconds[item.nodeid] = time.process_time() - began
        self.lines.stop()
        data = self.lines.get_data()
        for path in data.measured_files():
            tests = defaultdict(set)
            for line, contexts in data.contexts_by_lineno(path).items():
                tests[line] = set(contexts) - {""}
                if "" in contexts:
                    reach.imported.setdefault(path, set()).add(line)
            reach.tests[path] = dict(tests)
        file.write_bytes(pickle.dumps(reach))
        return 0


class _Notes:
    """A plugin that notes which tests fail."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.reach.failed.append(report.nodeid)


class _FirstFailure:
    """A plugin that ends the process with the first failing test."""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            os._exit(KILLED)


def _file(test: str) -> str:
    return test.partition("::")[0]


def _module(path: Path) -> str:
    """The name of the module in a file of ours."""
    parts = path.relative_to(Path.cwd()).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def limit(reach: Reach, tests: Iterable[str]) -> float:
    """After how many seconds the tests of a mutant are ended."""
    return 10 + PATIENCE * sum(reach.seconds[test] for test in tests)


def _pairs(items: Sequence[pytest.Item]) -> Iterable[tuple[pytest.Item, pytest.Item | None]]:
    return zip(items, [*items[1:], None], strict=True)


def _run_exchanged(mutant: Mutant, items: Sequence[pytest.Item]) -> int:
    """Exchange the code of the mutant's function in this process and run the tests."""
    before = _code_of(compile(mutant.path.read_text("utf-8"), str(mutant.path), "exec"))
    after = _code_of(compile(mutant.apply(), str(mutant.path), "exec"))
    changed = {key: code for key, code in after.items() if before.get(key) != code}
    for thing in gc.get_objects():
        if isinstance(thing, FunctionType) and thing.__code__.co_filename == str(mutant.path):
            key = _key(thing.__code__)
            if key in changed:
                thing.__code__ = changed[key]
    items[0].config.pluginmanager.register(_FirstFailure())
    for item, following in _pairs(items):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
    return SURVIVED


def _key(code: CodeType) -> tuple[str, int]:
    return code.co_qualname, code.co_firstlineno


def _code_of(code: CodeType) -> dict[tuple[str, int], CodeType]:
    """The code of every function in ``code``."""
    inner = [part for part in code.co_consts if isinstance(part, CodeType)]
    return {_key(part): part for part in inner} | {
        key: part for other in inner for key, part in _code_of(other).items()
    }


def run_imported(mutant: Mutant, tests: Sequence[str]) -> int:
    """Import everything anew with the mutant among it, and run the tests."""
    sys.meta_path.insert(0, _Finder(mutant))
    code = pytest.main([*ARGUMENTS, *tests], plugins=[_FirstFailure()])
    return SURVIVED if code == pytest.ExitCode.OK else KILLED


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the mutant in the place of its module."""

    def __init__(self, mutant: Mutant) -> None:
        self.path = mutant.path
        self.tree: ast.Module = mutant.apply()

    def find_spec(self, name: str, path: Any, target: ModuleType | None = None) -> Any:
        """The spec of the mutant's module; None for all others."""
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or spec.origin != str(self.path):
            return None
        spec.loader = _Loader(name, str(self.path), self.tree)
        return spec


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads a module from a syntax tree."""

    def __init__(self, name: str, path: str, tree: ast.Module) -> None:
        super().__init__(name, path)
        self.tree = tree

    def get_code(self, fullname: str) -> CodeType:
        """The code of the tree."""
        return compile(self.tree, self.path, "exec")
