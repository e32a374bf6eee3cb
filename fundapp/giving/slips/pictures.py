"""Reading the code on a slip in a process of its own, with a bound on its time.

What is not read costs nothing: the slip is a claim with or without its code.
"""

import json
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore

from fundapp.documents.intake import Accepted
from fundapp.giving.slips.codes import SlipCode, find_slip_code

#: Seconds on the clock; the process has fewer of its own.
LONGEST = 15
#: Seconds that one waits for its turn.
LONGEST_WAIT = 10
#: Slips that a process of the server reads at once.
_turns = BoundedSemaphore(2)
_PROGRAM = Path(__file__).with_name("qr_program.py")


def read_code(slip: Accepted) -> SlipCode | None:
    """The code on a clean picture or PDF; None when there is none, or it is not read in time."""
    if not _turns.acquire(timeout=LONGEST_WAIT):
        return None
    try:
        result = subprocess.run(  # noqa: S603 - our own program, no shell
            [sys.executable, "-I", str(_PROGRAM), slip.media_type],
            input=slip.content,
            capture_output=True,
            timeout=LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    finally:
        _turns.release()
    return find_slip_code(json.loads(result.stdout)) if result.returncode == 0 else None
