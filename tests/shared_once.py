"""What the workers of a run begin with alike, made by the worker that needs it first.

Made for one process after another it would take the same seconds again of each core.
"""

import fcntl
import tempfile
from collections.abc import Callable
from pathlib import Path


def shared(run_folder: Path, name: str, make: Callable[[Path], None]) -> Path:
    """The folder of this name, into which ``make`` wrote once in this run; whoever comes while it
    is made waits.
    """
    folder = run_folder / f"shared-{name}"
    with (run_folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            unfinished = Path(tempfile.mkdtemp(dir=run_folder))
            make(unfinished)
            unfinished.rename(folder)
    return folder
