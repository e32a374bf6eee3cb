"""Servers as in service: gunicorn with two workers of four threads, on a loopback port."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.databases import ROOT, settings
from config import LIMITS

WORKERS, THREADS = 2, 4
_PSS = re.compile(r"^Pss: +(\d+) kB", re.MULTILINE)


@dataclass(frozen=True)
class Server:
    """A server that runs."""

    port: int
    pid: int

    def memory(self) -> float:
        """What its workers take together, in MB; what they share is counted once (PSS)."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        rollups = [Path(f"/proc/{child}/smaps_rollup").read_text() for child in children]
        return sum(int(_PSS.search(text)[1]) for text in rollups) / 1024


def application() -> object:
    """The program on ``BENCH_URL``, for gunicorn to call. Tries are counted, as in service, against
    limits that one visitor does not reach.
    """
    from fundapp import create_app

    limits = {**dict.fromkeys(LIMITS, "10000000 per hour"), "RATELIMIT_ENABLED": True}
    return create_app({**settings(os.environ["BENCH_URL"]), **limits})


@contextmanager
def serving(target: str, url: str) -> Iterator[Server]:
    """Gunicorn with ``target`` on the database ``url``; it ends with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", target, "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(WORKERS), "--threads", str(THREADS), "--worker-class", "gthread"]
    command += ["--log-level", "warning", "--keep-alive", "30", "--no-control-socket"]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "BENCH_URL": url})
    try:
        _wait_for(port)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not start")
