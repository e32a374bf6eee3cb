"""What gunicorn refuses before it serves anybody."""

import os
import subprocess
import sys
from contextlib import contextmanager

from tests.architecture.sources import ROOT


@contextmanager
def start(*arguments, **environment):
    """Gunicorn with the file of this project, and some application."""
    command = [sys.executable, "-m", "gunicorn", "wsgiref.simple_server:demo_app"]
    process = subprocess.Popen(
        [*command, "--bind", "127.0.0.1:0", "--no-control-socket", *arguments],
        cwd=ROOT, env={**os.environ, **environment}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=30)


def test_several_workers_that_count_alone_are_refused():
    with start("--workers", "2", RATE_LIMIT_STORAGE_URL="memory://") as refused:
        said = refused.stderr.read()
        assert refused.wait(timeout=30) == 1
    assert "each worker counts alone" in said
    assert "Traceback" not in said


def test_one_worker_may_count_alone():
    with start("--workers", "1", RATE_LIMIT_STORAGE_URL="memory://") as started:
        assert any("Booting worker" in line for line in started.stderr)
