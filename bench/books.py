"""Databases with the demo in them, so that pages are measured with data.

``python -m bench.books URL SIZE SCALE`` loads one, in a process of its own, which shows how far it
is.
"""

import subprocess
import sys
import time
from tempfile import TemporaryDirectory

import flask_migrate

from bench.databases import FOLDER, ROOT, dispose, settings
from demo.cli import load
from fundapp import create_app
from fundapp.crypto import prove_keys


def load_demo(url: str, size: str, scale: float = 1.0) -> None:
    """Migrate and load the demo, or the share ``scale`` of it; CalledProcessError when it fails."""
    began = time.monotonic()
    command = [sys.executable, "-m", "bench.books", url, size, str(scale)]
    subprocess.run(command, cwd=ROOT, check=True)
    print(f"The demo {size} was loaded in {time.monotonic() - began:.0f} s.", flush=True)


def main(url: str, size: str, scale: str) -> None:
    """Load it; its documents and sign-ins are thrown away, for pages need neither."""
    with TemporaryDirectory(prefix="fund-bench-", dir=FOLDER) as folder:
        kept = {"DOCUMENTS_URL": f"file://{folder}/documents", "DEMO_FOLDER": folder}
        app = create_app({**settings(url), **kept, "DEMO": True})
        with app.app_context():
            flask_migrate.upgrade(directory=str(ROOT / "migrations"))
            prove_keys()
        with app.app_context():
            load.main(["--size", size, "--scale", scale], standalone_mode=False)
        dispose(app)


if __name__ == "__main__":
    main(*sys.argv[1:])
