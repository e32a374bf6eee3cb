"""The application starts where the demo's folder was deleted."""

import os
import shutil
import subprocess
import sys

from tests.architecture.sources import PACKAGE, ROOT

PROGRAM = "from fundapp import create_app; app = create_app(); print(*app.blueprints)"


def test_the_application_starts_without_the_demo(tmp_path):
    shutil.copytree(PACKAGE, tmp_path / "fundapp")  # compiled modules too: they need not be again
    shutil.copy(ROOT / "config.py", tmp_path)
    kept_out = {"PYTHONPATH", "DATABASE_URL", "PUBLIC_URL"}
    environment = {name: value for name, value in os.environ.items() if name not in kept_out}
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    blueprints = result.stdout.split()
    assert "giving" in blueprints
    assert "demo" not in blueprints
