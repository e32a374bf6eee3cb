"""A plugin of pytest: which tests run on which database, in which order, and how many a run leaves
out.

`make test` runs all on SQLite but those marked ``postgresql``, and on PostgreSQL all but those
marked ``sqlite``, of those that use a database, which are marked here.
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
    foreign = [item for item in items if item.get_closest_marker(other)]
    if foreign:
        items[:] = [item for item in items if not item.get_closest_marker(other)]
        config.hook.pytest_deselected(items=foreign)
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


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
