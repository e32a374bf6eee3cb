"""A plugin of pytest: which tests run on which database, in which order, and how many a run leaves
out.

`make test` runs all on SQLite but those marked ``postgresql``, and on PostgreSQL all but those
marked ``sqlite``, of those that use a database, which are marked here; of a test that is marked
``one_case`` it runs the first case there.
"""

import os
from typing import Any

import pytest

LEFT_OUT = pytest.StashKey[int]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what uses a database, by its fixtures; leave out what the database at hand has not. Long
    tests begin first: one that began last would leave the other workers without work.
    """
    for item in items:
        if "databases" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.database)
    other = "sqlite" if os.environ.get("TEST_DATABASE") == "postgresql" else "postgresql"
    left = [item for item in items if not item.get_closest_marker(other)]
    if other == "sqlite":
        left = _one_case_each(left)
    if len(left) < len(items):
        staying = set(left)
        foreign = [item for item in items if item not in staying]
        items[:] = left
        config.hook.pytest_deselected(items=foreign)
    items.sort(key=lambda item: not _begins_first(item))


def _begins_first(item: pytest.Item) -> bool:
    """Those in the browser too, which one worker does beside the other's work."""
    return bool(item.get_closest_marker("long") or item.get_closest_marker("browser"))


def _one_case_each(items: list[pytest.Item]) -> list[pytest.Item]:
    """Without the further cases of tests that are marked ``one_case``."""
    known: set[tuple[str, str]] = set()
    left = []
    for item in items:
        test = (item.parent.nodeid if item.parent else "", item.name.partition("[")[0])
        if item.get_closest_marker("one_case") is None or test not in known:
            left.append(item)
            known.add(test)
    return left


def pytest_deselected(items: list[pytest.Item]) -> None:
    """A worker tells the process that started it how many tests it left out."""
    output = getattr(items[0].config, "workeroutput", None) if items else None
    if output is not None:
        output["left_out"] = output.get("left_out", 0) + len(items)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Each worker has collected the same tests, so the number of the last one is that of all."""
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", 0)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say how many tests were left out, which pytest does only where it has no workers."""
    count = config.stash.get(LEFT_OUT, 0)
    if count:
        terminalreporter.write_line(f"{count} tests left out by -m {config.option.markexpr!r}")
