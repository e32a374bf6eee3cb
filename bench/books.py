"""Databases with the demo in them, so that pages are measured with data.

``python -m bench.books URL SIZE SCALE FOLDER`` loads one, in a process of its own, which shows how
far it is.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

import flask_migrate

from bench.databases import FOLDER, ROOT, dispose, settings
from demo.cli import load
from fundapp import create_app
from fundapp.crypto import prove_keys


@contextmanager
def loaded(url: str, size: str, scale: float = 1.0) -> Iterator[dict[str, object]]:
    """Migrate and load the demo, or the share ``scale`` of it; give the settings of an application
    on it, whose documents go with the block. CalledProcessError when it fails.
    """
    began = time.monotonic()
    with TemporaryDirectory(prefix="fund-bench-", dir=FOLDER) as folder:
        command = [sys.executable, "-m", "bench.books", url, size, str(scale), folder]
        subprocess.run(command, cwd=ROOT, check=True)
        print(f"The demo {size} was loaded in {time.monotonic() - began:.0f} s.", flush=True)
        yield _settings(url, folder)


def main(url: str, size: str, scale: str, folder: str) -> None:
    """Load it, its documents and its sign-ins into ``folder``."""
    app = create_app({**_settings(url, folder), "DEMO_FOLDER": folder, "DEMO": True})
    with app.app_context():
        flask_migrate.upgrade(directory=str(ROOT / "migrations"))
        prove_keys()
    with app.app_context():
        load.main(["--size", size, "--scale", scale], standalone_mode=False)
    dispose(app)


def _settings(url: str, folder: str) -> dict[str, object]:
    return {**settings(url), "DOCUMENTS_URL": f"file://{folder}/documents"}


if __name__ == "__main__":
    main(*sys.argv[1:])
