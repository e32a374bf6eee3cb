"""Gunicorn and nginx on the loopback, as docs/operations.md and docs/deploy start them."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.architecture.sources import ROOT

PROXY = ROOT / "docs" / "deploy" / "fund-proxy.conf"
SAMPLE = ROOT / "docs" / "deploy" / "nginx.conf"
NGINX = os.environ.get("NGINX") or shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")

#: Only what the sample does not say: where things lie, and a plain port instead of TLS.
MAIN = """
{user}daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    limit_conn_zone $binary_remote_addr zone=fund_visitors:1m;
    upstream fund {{ server 127.0.0.1:{upstream}; keepalive 16; }}
    server {{
        listen 127.0.0.1:{port} backlog=1024;
        include {proxy};
    }}
}}
"""


def free_port():
    """A port of the loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def started(command, port, **options):
    """The command, until the block ends; it listens on the port when the block begins."""
    process = subprocess.Popen(command, cwd=ROOT, **options)
    try:
        _wait_for(process, port)
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait(10)


@contextmanager
def gunicorn(environment):
    """Two workers of four threads; the port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "fundapp:create_app()", "--bind"]
    command += [f"127.0.0.1:{port}", "--worker-class", "gthread", "--workers", "2"]
    command += [
        "--threads",
        "4",
        "--graceful-timeout",
        "2",
        "--log-level",
        "error",
        "--no-control-socket",
    ]
    with started(command, port, env={**os.environ, **environment}):
        _wait_for_answers(port)
        yield port


@contextmanager
def nginx(folder: Path, upstream: int):
    """The sample in front of ``upstream``; the port."""
    port = free_port()
    user = "user root;\n" if os.geteuid() == 0 else ""
    main = folder / "nginx.conf"
    main.write_text(
        MAIN.format(user=user, folder=folder, upstream=upstream, port=port, proxy=PROXY)
    )
    with started([NGINX, "-c", str(main), "-e", str(folder / "error.log")], port):
        yield port


def _wait_for_answers(port, seconds=60):
    """Gunicorn listens before its workers have loaded the program."""
    end = time.monotonic() + seconds
    answers = 0
    while answers < 10:
        assert time.monotonic() < end, "it does not answer"
        with suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            try:
                connection.request("GET", "/give")
                answers += connection.getresponse().status == 200
            finally:
                connection.close()


def _wait_for(process, port, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, "it ended at once"
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise AssertionError("it does not listen")
