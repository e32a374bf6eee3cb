"""The pledge form's POST and the public home page against bare Flask doing the same SQL.

Both run under gunicorn with two workers of four threads, one after the other, on one database
each; the load comes from this process over eight connections.
"""

import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench import load
from bench.databases import ROOT, open_books, settings

AIM = 0.50
ROUNDS = 3


def application() -> object:
    """The fund's application on ``BENCH_URL``; gunicorn calls it."""
    from fundapp import create_app

    return create_app(settings(os.environ["BENCH_URL"]))


def measure(kind: str, urls: dict[str, str]) -> None:
    """Print rates and median ratios of the two pages."""
    for url in urls.values():
        open_books(url)
    with (
        serving("bench.pages:application()", urls["fund"]) as fund,
        serving("bench.bare:app", urls["raw"]) as bare,
    ):
        home = lambda connection: lambda: load.get("/")  # noqa: E731
        _compare(kind, "public home", bare, fund, 200, home, home)
        _compare(
            kind,
            "pledge POST",
            bare,
            fund,
            303,
            lambda connection: load.Pledging(connection, with_form=False),
            lambda connection: load.Pledging(connection, with_form=True),
        )


def _compare(kind, name, bare_port, fund_port, status, bare_requests, fund_requests) -> None:
    pairs = [
        (
            load.rate(bare_port, status, bare_requests),
            load.rate(fund_port, status, fund_requests),
        )
        for _ in range(ROUNDS)
    ]
    bare, fund = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
    ratio = statistics.median(pair[1] / pair[0] for pair in pairs)
    print(
        f"{name:<11} {kind:<11} 2 workers     bare {bare:8.0f}/s   fund {fund:8.0f}/s"
        f"   ratio {ratio:5.2f}   (aim {AIM:.2f})"
    )


@contextmanager
def serving(target: str, url: str) -> Iterator[int]:
    """Gunicorn with ``target`` on a free loopback port; it ends with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", target, "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "2", "--threads", "4", "--worker-class", "gthread"]
    command += ["--log-level", "warning", "--keep-alive", "30", "--no-control-socket"]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "BENCH_URL": url})
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not start")
