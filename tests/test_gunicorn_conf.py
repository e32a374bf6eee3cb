"""What gunicorn refuses before it starts."""

import os
import subprocess
import sys

from tests.architecture.sources import ROOT


def start(*arguments, **environment):
    """Gunicorn's own check of its settings, with the file of this project."""
    command = [sys.executable, "-m", "gunicorn", "no.such:application", "--bind", "127.0.0.1:0"]
    return subprocess.run(
        [*command, "--no-control-socket", *arguments],
        cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip


def test_several_workers_that_count_alone_are_refused():
    refused = start("--workers", "2", RATE_LIMIT_STORAGE_URL="memory://")
    assert refused.returncode == 1
    assert "each worker counts alone" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_one_worker_may_count_alone():
    assert "counts alone" not in start("--workers", "1", RATE_LIMIT_STORAGE_URL="memory://").stderr
