"""A small demo, loaded once for all tests that only read it."""

import contextlib

import pytest
import time_machine

from tests.conftest import MORNING, dispose, make_app, settings

#: A fiftieth of the people; every kind of row is still there.
SCALE = "0.02"


def load(runner, *args):
    return runner.invoke(args=["demo", "load", "--scale", SCALE, *args])


@contextlib.contextmanager
def demo_app(databases, folder, **overrides):
    """An application on a database of its own, on the morning of the tests."""
    with databases.fresh() as url, time_machine.travel(MORNING, tick=False):
        values = {**settings(url, folder), "DEMO_FOLDER": str(folder), **overrides}
        app = make_app(values)
        yield app
        dispose(app)


@pytest.fixture(scope="package")
def demo(databases, tmp_path_factory):
    """An application with the demo loaded, to read from; the clock stands till the end of these."""
    with demo_app(databases, tmp_path_factory.mktemp("demo")) as app:
        result = load(app.test_cli_runner())
        assert result.exit_code == 0, result.output
        yield app
